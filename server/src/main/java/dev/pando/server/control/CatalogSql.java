package dev.pando.server.control;

/** The queries of {@link CatalogLoader}: few, and each for all relations at once. They run on PostgreSQL 15 and later. */
final class CatalogSql {
    private CatalogSql() {}

    private static final String OWN_SCHEMAS =
            " NOT IN ('pg_catalog', 'information_schema', 'pando') AND n.nspname !~ '^pg_(toast|temp)'";

    /** Whether the database's default collation orders text by the bytes of UTF-8. */
    static final String DEFAULT_COLLATION = """
            SELECT CASE datlocprovider
                       WHEN 'c' THEN datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8')
                       WHEN 'b' THEN true
                       ELSE false END AS byte_ordered
            FROM pg_database WHERE datname = current_database()""";

    /**
     * A row per column (per relation if it has none). A default is the same everywhere when every function it calls is immutable; the
     * functions are found by their oids in the stored expression, because built-in ones leave no trace in pg_depend. {@code CONST} nodes
     * are values already.
     */
    static final String RELATIONS = """
            SELECT n.nspname, c.relname, c.oid::bigint AS oid, c.relkind::text AS relkind,
                   a.attname, a.attnum, a.atttypid::bigint AS atttypid, co.collname,
                   coalesce(NOT co.collisdeterministic, false) AS nondeterministic,
                   CASE co.collprovider
                       WHEN 'c' THEN co.collcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8')
                       WHEN 'b' THEN true ELSE false END AS byte_ordered,
                   co.collprovider = 'd' AS default_collation,
                   CASE WHEN a.attgenerated <> '' THEN 'COMPUTED'
                        WHEN a.attidentity <> '' THEN 'DIFFERS'
                        WHEN t.typdefaultbin IS NOT NULL THEN 'DIFFERS'
                        WHEN d.adbin IS NULL THEN 'SAME_EVERYWHERE'
                        WHEN d.adbin::text ~ '\\{(SQLVALUEFUNCTION|NEXTVALUEEXPR|COERCEVIAIO|XMLEXPR|JSON)' THEN 'DIFFERS'
                        WHEN EXISTS (
                            SELECT FROM regexp_matches(d.adbin::text, ':funcid (\\d+)', 'g') AS m
                            JOIN pg_proc p ON p.oid = m[1]::oid WHERE p.provolatile <> 'i') THEN 'DIFFERS'
                        WHEN EXISTS (
                            SELECT FROM regexp_matches(d.adbin::text, ':opno (\\d+)', 'g') AS m
                            JOIN pg_operator o ON o.oid = m[1]::oid
                            JOIN pg_proc p ON p.oid = o.oprcode WHERE p.provolatile <> 'i') THEN 'DIFFERS'
                        ELSE 'SAME_EVERYWHERE' END AS default_value
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            LEFT JOIN pg_collation co ON co.oid = a.attcollation
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname""" + OWN_SCHEMAS + " ORDER BY c.oid, a.attnum";

    static final String VIEW_READS = """
            SELECT DISTINCT r.ev_class::bigint AS view, d.refobjid::bigint AS reads
            FROM pg_rewrite r
            JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
            JOIN pg_class v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
            WHERE v.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)""";

    static final String PARENTS =
            "SELECT inhrelid::bigint AS child, inhparent::bigint AS parent FROM pg_inherits WHERE inhseqno = 1";

    /**
     * Tables that are not declared and yet have the CHECK of one that is, word for word: a detached partition, or made by {@code LIKE …
     * INCLUDING CONSTRAINTS}. Their rows are spread as that one's.
     */
    static final String TWINS = """
            SELECT c.oid::bigint AS oid, n.nspname, c.relname, min(t.table_schema) AS table_schema,
                   min(t.table_name) AS table_name
            FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid AND c.relkind IN ('r', 'p')
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_constraint d ON d.conname = 'pando_shard' AND d.contype = 'c' AND d.oid <> k.oid
                AND pg_get_constraintdef(d.oid) = pg_get_constraintdef(k.oid)
            JOIN pando.sharded_table t ON t.home_oid = d.conrelid
            WHERE k.conname = 'pando_shard' AND k.contype = 'c'
                AND NOT EXISTS (SELECT FROM pando.sharded_table own WHERE own.home_oid = c.oid)
                AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
            GROUP BY c.oid, n.nspname, c.relname""";

    /** Tenants' schemas with tables that lack the CHECK of {@link Tenants#fence}, because they are new. */
    static final String UNFENCED = """
            SELECT DISTINCT t.schema_name FROM pando.tenant_schema t
            JOIN pg_namespace n ON n.nspname = t.schema_name
            JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p')
            WHERE NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
                AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.conname = 'pando_shard')""";

    static final String AGGREGATES = """
            SELECT DISTINCT p.proname FROM pg_proc p
            WHERE p.prokind IN ('a', 'w') AND p.pronamespace <> 'pg_catalog'::regnamespace""";
}
