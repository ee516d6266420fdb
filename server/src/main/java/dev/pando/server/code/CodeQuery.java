package dev.pando.server.code;

/**
 * What is asked about a database's code. Objects of users have oids from 16384 on. What belongs to an extension is left out: extensions
 * are trusted.
 */
public enum CodeQuery {
    /**
     * {@code row_argument}: whether {@code row.name} may call it; {@code parsed}: whether its body is kept as a tree, of which other queries
     * tell what it uses, and {@code writes} if it does. The function that writes such bodies out would wait for locks.
     */
    FUNCTIONS("""
            SELECT p.oid::bigint AS oid, p.proname AS name, l.lanname AS language, p.prokind::text AS kind,
                   p.provolatile = 'i' AS immutable,
                   coalesce(position('pando.safe' in obj_description(p.oid, 'pg_proc')) > 0, false) AS vouched,
                   left(p.prosrc, 50000) AS body, length(p.prosrc) > 50000 AS long,
                   coalesce(array_to_string(p.proconfig, ' ') ~ 'search_path=.*pg_temp', false) AS temporary, p.prosqlbody IS NOT NULL AS parsed,
                   coalesce(p.prosqlbody::text ~ ':commandType [^1]', false) AS writes,
                   coalesce((SELECT t.typtype IN ('c', 'p') FROM pg_type t WHERE t.oid = p.proargtypes[0]), false) AS row_argument
            FROM pg_proc p
            JOIN pg_language l ON l.oid = p.prolang
            JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE p.oid >= 16384 AND n.nspname NOT IN ('information_schema', 'pando')""" + Extensions.without("pg_proc", "p")),

    /** Of all functions that are not PostgreSQL's own, those of extensions too. */
    NAMES(
            "SELECT DISTINCT proname AS name FROM pg_proc WHERE pronamespace <> 'pg_catalog'::regnamespace OR oid >= 16384"),

    OPERATORS("""
            SELECT o.oid::bigint AS oid, o.oprname AS name, o.oprcode::oid::bigint AS function
            FROM pg_operator o WHERE o.oid >= 16384""" + Extensions.without("pg_operator", "o")),

    /** A type's parts: of a domain its base, of an array its element, of a row type its columns' types, of a range its subtype. */
    TYPES("""
            SELECT t.oid::bigint AS oid, t.typname AS name, t.typtype = 'd' AS domain,
                   ARRAY(SELECT DISTINCT u.part::bigint FROM (
                       SELECT t.typbasetype AS part
                       UNION ALL SELECT t.typelem
                       UNION ALL SELECT a.atttypid FROM pg_attribute a
                           WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                       UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)) u
                       WHERE u.part >= 16384)::text[] AS parts,
                   ARRAY(SELECT m.amproc::oid::bigint FROM pg_amproc m WHERE m.amproclefttype = t.oid AND m.amproc::oid >= 16384
                       UNION SELECT d.refobjid::bigint FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid
                           AND d.refclassid = 'pg_proc'::regclass AND d.refobjid >= 16384)::text[] AS functions
            FROM pg_type t WHERE t.oid >= 16384 AND (t.typtype <> 'p')""" + Extensions.without("pg_type", "t")),

    CASTS("""
            SELECT c.castfunc::bigint AS function, c.castcontext = 'e' AND c.casttarget >= 16384 AS shown, t.typname AS target,
                   format_type(c.castsource, NULL) AS source_name, format_type(c.casttarget, NULL) AS target_name
            FROM pg_cast c JOIN pg_type t ON t.oid = c.casttarget
            WHERE c.oid >= 16384 AND c.castfunc >= 16384""" + Extensions.without("pg_cast", "c")),

    /**
     * What runs code when a relation is used (or a value of a domain made), with the relation or type. {@code event}: r read, w written, b
     * both, t truncated, s select rule of a view.
     */
    HOOKS("""
            SELECT 'pg_attrdef' AS class, d.oid::bigint AS oid, d.adrelid::bigint AS relation, 0::bigint AS type,
                   CASE a.attgenerated WHEN 'v' THEN 'b' ELSE 'w' END AS event, false AS acts,
                   CASE a.attgenerated WHEN '' THEN 'default of column' ELSE 'generated column' END AS what, a.attname AS name
            FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
            UNION ALL
            SELECT 'pg_constraint', c.oid::bigint, c.conrelid::bigint, c.contypid::bigint, 'w', false, 'constraint', c.conname
            FROM pg_constraint c WHERE c.contype IN ('c', 'x')
            UNION ALL
            SELECT 'pg_trigger', t.oid::bigint, t.tgrelid::bigint, 0,
                   CASE WHEN t.tgtype & 32 <> 0 THEN CASE WHEN t.tgtype & 28 <> 0 THEN 'wt' ELSE 't' END ELSE 'w' END,
                   true, 'trigger', t.tgname
            FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
            UNION ALL
            SELECT 'pg_policy', p.oid::bigint, p.polrelid::bigint, 0, 'b', false, 'policy', p.polname
            FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid AND c.relrowsecurity
            UNION ALL
            SELECT 'pg_rewrite', r.oid::bigint, r.ev_class::bigint, 0, CASE r.ev_type WHEN '1' THEN 's' ELSE 'w' END,
                   r.ev_type <> '1', CASE r.ev_type WHEN '1' THEN 'view' ELSE 'rule' END, r.rulename
            FROM pg_rewrite r WHERE r.ev_enabled <> 'D' AND r.oid >= 16384
            UNION ALL
            SELECT 'pg_class', i.indexrelid::bigint, i.indrelid::bigint, 0, 'w', false, 'index', c.relname
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL"""),

    /** What objects that run code, or are code, refer to: functions, operators, types, relations. */
    USES("""
            SELECT DISTINCT CASE WHEN d.classid = 'pg_class'::regclass AND d.objsubid > 0 THEN 'columns' ELSE d.classid::regclass::text END
                       AS class, d.objid::bigint AS oid, d.refclassid::regclass::text AS used_class, d.refobjid::bigint AS used
            FROM pg_depend d
            WHERE d.objid >= 16384 AND d.refobjid >= 16384
                AND d.classid IN ('pg_proc'::regclass, 'pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_trigger'::regclass,
                    'pg_policy'::regclass, 'pg_rewrite'::regclass, 'pg_class'::regclass)
                AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass, 'pg_class'::regclass)"""),

    /**
     * Functions of PostgreSQL and of extensions, and pg_settings, in what is kept parsed. Read from the trees: the functions that write them
     * out as SQL would wait for locks.
     */
    BUILT_INS("""
            SELECT DISTINCT t.class, t.oid::bigint AS oid, m[1] = 'relid' AS settings, m[2]::bigint AS used, coalesce(p.proname, '') AS name
            FROM (
                SELECT 'pg_attrdef' AS class, d.oid, d.adbin::text AS tree FROM pg_attrdef d
                UNION ALL SELECT 'pg_constraint', c.oid, c.conbin::text FROM pg_constraint c
                UNION ALL SELECT 'pg_trigger', g.oid, g.tgqual::text FROM pg_trigger g
                UNION ALL SELECT 'pg_policy', l.oid, concat(l.polqual::text, l.polwithcheck::text) FROM pg_policy l
                UNION ALL SELECT 'pg_rewrite', r.oid, concat(r.ev_qual::text, r.ev_action::text) FROM pg_rewrite r
                UNION ALL SELECT 'pg_class', i.indexrelid, concat(i.indexprs::text, i.indpred::text) FROM pg_index i
                UNION ALL SELECT 'pg_type', y.oid, y.typdefaultbin::text FROM pg_type y
                UNION ALL SELECT 'pg_proc', f.oid, concat(f.proargdefaults::text, f.prosqlbody::text) FROM pg_proc f) t
            CROSS JOIN LATERAL regexp_matches(t.tree, ':(funcid|relid) (\\d+)', 'g') m
            LEFT JOIN pg_proc p ON m[1] = 'funcid' AND p.oid = m[2]::oid AND (p.oid < 16384
                OR EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e'))
            WHERE t.oid >= 16384 AND CASE m[1] WHEN 'funcid' THEN p.oid IS NOT NULL
                ELSE m[2]::oid = 'pg_catalog.pg_settings'::regclass END"""),

    /** Functions that changes of the schema run. */
    EVENT_TRIGGERS(
            "SELECT evtfoid::bigint AS function, evtname AS name FROM pg_event_trigger WHERE evtenabled <> 'D' AND evtevent <> 'login'"),

    /** Whose rows an action of a foreign key changes. */
    CASCADES("""
            SELECT DISTINCT c.confrelid::bigint AS relation, c.conrelid::bigint AS changed FROM pg_constraint c
            WHERE c.contype = 'f' AND (c.confdeltype IN ('c', 'n', 'd') OR c.confupdtype IN ('c', 'n', 'd'))"""),

    /** Functions that are not IMMUTABLE, harmless ones included. */
    VARYING("""
            SELECT DISTINCT p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE p.provolatile <> 'i'
                AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
                AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pando') AND n.nspname !~ '^pg_(toast|temp)'""");

    private final String sql;

    CodeQuery(String sql) {
        this.sql = sql;
    }

    public String sql() {
        return sql;
    }

    private static final class Extensions {
        private Extensions() {}

        /** The end of a condition, for rows of this catalog under this name. */
        static String without(String catalog, String alias) {
            return "\nAND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '%s'::regclass AND e.objid = %s.oid AND e.deptype = 'e')"
                    .formatted(catalog, alias);
        }
    }
}
