package dev.pando.server.control;

import dev.pando.core.route.CodeText;
import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.HiddenCode.Found;
import dev.pando.core.topology.HiddenCode.Reach;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Table;
import dev.pando.core.topology.TableName;
import dev.pando.core.topology.Trace;
import dev.pando.server.control.CodeGraph.Effect;
import dev.pando.server.control.CodeGraph.Kind;
import dev.pando.server.control.CodeGraph.Node;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which functions, operators, types, triggers, defaults and so on of a database look at its tables, and through what a statement
 * meets them. Functions are trusted as PostgreSQL trusts them when they are IMMUTABLE, or when their comment says {@code
 * pando.safe}, or when they came with an extension; of others the text is read by {@link CodeText}, and what cannot be read is taken for the worst.
 */
final class HiddenCodeLoader {
    private static final Effect UNKNOWN = new Effect(Reach.FAR, true, EnumSet.allOf(Trace.class));
    private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", ">", "<=", ">=");
    private static final int LONGEST_CHAIN = 20;

    private final Connection home;
    private final Map<Long, Table> tables;
    private final CodeGraph graph = new CodeGraph();
    private final Map<Node, String> labels = new HashMap<>();
    private final Map<String, Set<Long>> relationNames = new HashMap<>();
    private final Map<String, Set<Long>> functionNames = new HashMap<>();
    private final Map<String, Set<Long>> operatorNames = new HashMap<>();
    private final Map<String, Set<Long>> typeNames = new HashMap<>();
    private final Set<Long> domains = new HashSet<>();
    private final Set<Long> views = new HashSet<>();
    /** Functions whose text says nothing more: trusted ones. */
    private final Set<Long> trusted = new HashSet<>();

    private final Map<Long, CodeText> bodies = new HashMap<>();
    private final Set<String> rowFunctions = new HashSet<>();
    private final Set<String> settings = new HashSet<>();
    private final List<Hook> hooks = new ArrayList<>();
    private final List<Cast> casts = new ArrayList<>();

    /**
     * What runs code when a relation is used.
     *
     * @param acts may store something by itself
     */
    private record Hook(Node node, long relation, long type, String event, boolean acts) {
        boolean on(char wanted) {
            return event.indexOf(wanted) >= 0 || (event.equals("b") && wanted != 't');
        }
    }

    private record Cast(Node function, boolean shown, String target, String label) {}

    private HiddenCodeLoader(Connection home, Map<Long, Table> tables) {
        this.home = home;
        this.tables = tables;
    }

    /**
     * @param tables by oid
     * @param parents of partitions and inheritance children
     */
    static HiddenCode load(Connection home, Map<Long, Table> tables, Map<Long, Long> parents) throws SQLException {
        HiddenCodeLoader loader = new HiddenCodeLoader(home, tables);
        loader.relations(parents);
        loader.functions();
        loader.operatorsAndTypes();
        loader.hooks();
        loader.uses();
        loader.builtIns();
        loader.bodies();
        loader.graph.close();
        return loader.found(parents);
    }

    private static Node node(Kind kind, long oid) {
        return new Node(kind, oid);
    }

    private void relations(Map<Long, Long> parents) throws SQLException {
        tables.forEach((oid, table) -> {
            relationNames
                    .computeIfAbsent(table.name().name(), none -> new HashSet<>())
                    .add(oid);
            if (table.kind() == Table.Kind.VIEW || table.kind() == Table.Kind.MATERIALIZED_VIEW) {
                views.add(oid);
            }
            Reach reach = reach(table);
            boolean copied = table.placement() instanceof Placement.Reference;
            graph.own(node(Kind.READ_BY_CODE, oid), new Effect(reach, false));
            graph.own(node(Kind.CHANGED_BY_CODE, oid), new Effect(copied ? Reach.FAR : reach, false));
            graph.uses(node(Kind.READ_BY_CODE, oid), node(Kind.READ, oid));
            graph.uses(node(Kind.CHANGED_BY_CODE, oid), node(Kind.READ_BY_CODE, oid));
            graph.uses(node(Kind.CHANGED_BY_CODE, oid), node(Kind.WRITE, oid));
            graph.uses(node(Kind.CHANGED_BY_CODE, oid), node(Kind.TRUNCATE, oid));
        });
        parents.forEach((child, parent) -> graph.uses(node(Kind.WRITE, parent), node(Kind.WRITE, child)));
        Sql.rows(home, HiddenCodeSql.CASCADES, row -> {
            graph.uses(node(Kind.WRITE, row.getLong("relation")), node(Kind.WRITE, row.getLong("changed")));
            return true;
        });
    }

    /** How far code sees that reads the relation; a view is what it reads. */
    private static Reach reach(Table table) {
        if (!table.readsFrom().isEmpty()) {
            return Reach.NONE;
        }
        return switch (table.placement()) {
            case Placement.Sharded sharded -> Reach.FAR;
            case Placement.Reference reference -> Reach.NONE;
            case Placement.Single(ShardId shard) -> shard.equals(ShardId.HOME) ? Reach.HOME : Reach.FAR;
        };
    }

    private void functions() throws SQLException {
        Sql.rows(home, HiddenCodeSql.FUNCTIONS, row -> {
            long oid = row.getLong("oid");
            Node node = node(Kind.FUNCTION, oid);
            String name = Sql.text(row, "name");
            boolean aggregate = Sql.text(row, "kind").equals("a");
            labels.put(node, (Sql.text(row, "kind").equals("p") ? "procedure " : "function ") + name + "()");
            functionNames.computeIfAbsent(name, none -> new HashSet<>()).add(oid);
            if (row.getBoolean("row_argument")) {
                rowFunctions.add(name);
            }
            if (row.getBoolean("vouched") || (row.getBoolean("immutable") && !aggregate)) {
                trusted.add(oid);
            } else if (!aggregate) {
                graph.own(node, effect(row, oid));
            }
            return oid;
        });
    }

    private Effect effect(ResultSet row, long oid) throws SQLException {
        String language = Sql.text(row, "language");
        if (!language.equals("sql") && !language.equals("plpgsql")) {
            return UNKNOWN;
        }
        CodeText text = CodeText.of(Sql.text(row, "body"));
        bodies.put(oid, text);
        Reach reach = text.opaque() ? Reach.FAR : text.home() ? Reach.HOME : Reach.NONE;
        settings.addAll(text.settings());
        return new Effect(reach, text.opaque() || text.varies(), text.traces());
    }

    private void operatorsAndTypes() throws SQLException {
        Sql.rows(home, HiddenCodeSql.OPERATORS, row -> {
            Node node = node(Kind.OPERATOR, row.getLong("oid"));
            String name = Sql.text(row, "name");
            labels.put(node, "operator " + name);
            operatorNames.computeIfAbsent(name, none -> new HashSet<>()).add(node.oid());
            graph.uses(node, node(Kind.FUNCTION, row.getLong("function")));
            return true;
        });
        Sql.rows(home, HiddenCodeSql.TYPES, row -> {
            Node node = node(Kind.TYPE, row.getLong("oid"));
            String name = Sql.text(row, "name");
            labels.put(node, "type " + name);
            typeNames.computeIfAbsent(name, none -> new HashSet<>()).add(node.oid());
            if (row.getBoolean("domain")) {
                domains.add(node.oid());
            }
            Sql.texts(row, "parts").forEach(part -> graph.uses(node, node(Kind.TYPE, Long.parseLong(part))));
            Sql.texts(row, "functions").forEach(each -> graph.uses(node, node(Kind.FUNCTION, Long.parseLong(each))));
            return true;
        });
        casts.addAll(Sql.rows(
                home,
                HiddenCodeSql.CASTS,
                row -> new Cast(
                        node(Kind.FUNCTION, row.getLong("function")),
                        row.getBoolean("shown"),
                        Sql.text(row, "target"),
                        "cast from " + Sql.text(row, "source_name") + " to " + Sql.text(row, "target_name"))));
    }

    private void hooks() throws SQLException {
        hooks.addAll(Sql.rows(home, HiddenCodeSql.HOOKS, row -> {
            Hook hook = new Hook(
                    node(kind(Sql.text(row, "class")), row.getLong("oid")),
                    row.getLong("relation"),
                    row.getLong("type"),
                    Sql.text(row, "event"),
                    row.getBoolean("acts"));
            Table table = tables.get(hook.relation);
            String of = table == null ? "" : " of \"" + table.name().name() + "\"";
            String what = Sql.text(row, "what");
            labels.put(
                    hook.node,
                    what.equals("view")
                            ? "view" + of.substring(Math.min(3, of.length()))
                            : what + " \"" + Sql.text(row, "name") + "\"" + of);
            return hook;
        }));
        for (Hook hook : hooks) {
            if (hook.type != 0) {
                graph.uses(node(Kind.TYPE, hook.type), hook.node);
            }
            if (hook.on('r') || hook.on('s')) {
                graph.uses(node(Kind.READ, hook.relation), hook.node);
            }
            if (hook.on('w')) {
                graph.uses(node(Kind.WRITE, hook.relation), hook.node);
            }
            if (hook.on('t')) {
                graph.uses(node(Kind.TRUNCATE, hook.relation), hook.node);
            }
        }
    }

    private static Kind kind(String catalog) {
        return switch (catalog) {
            case "pg_proc" -> Kind.FUNCTION;
            case "pg_operator" -> Kind.OPERATOR;
            case "pg_type" -> Kind.TYPE;
            case "pg_attrdef" -> Kind.DEFAULT;
            case "pg_constraint" -> Kind.CONSTRAINT;
            case "pg_trigger" -> Kind.TRIGGER;
            case "pg_policy" -> Kind.POLICY;
            case "pg_rewrite" -> Kind.RULE;
            default -> Kind.INDEX;
        };
    }

    /** What PostgreSQL itself has noted of who refers to whom. */
    private void uses() throws SQLException {
        Map<Node, Hook> byNode = new HashMap<>();
        hooks.forEach(hook -> byNode.put(hook.node, hook));
        Sql.rows(home, HiddenCodeSql.USES, row -> {
            String catalog = Sql.text(row, "class");
            long oid = row.getLong("oid");
            long used = row.getLong("used");
            Kind usedKind = kind(Sql.text(row, "used_class"));
            if (catalog.equals("columns")) {
                column(oid, usedKind, used);
                return true;
            }
            Node user = node(kind(catalog), oid);
            if (user.kind() == Kind.FUNCTION && trusted.contains(oid)) {
                return false;
            }
            if (usedKind != Kind.INDEX) {
                graph.uses(user, node(usedKind, used));
            } else if (tables.containsKey(used)) {
                relation(user, byNode.get(user), used);
            }
            return true;
        });
    }

    /** What code that is kept parsed mentions of PostgreSQL itself, which pg_depend does not tell. */
    private void builtIns() throws SQLException {
        Map<Node, Hook> byNode = new HashMap<>();
        hooks.forEach(hook -> byNode.put(hook.node, hook));
        Sql.rows(home, HiddenCodeSql.BUILT_INS, row -> {
            Node user = node(kind(Sql.text(row, "class")), row.getLong("oid"));
            String name = Sql.text(row, "name");
            long used = row.getLong("used");
            if (user.kind() == Kind.FUNCTION && trusted.contains(user.oid())) {
                return false;
            }
            if (row.getBoolean("settings")) {
                settings(user, byNode.get(user), node(Kind.CHANGED_BY_CODE, used));
                return true;
            }
            Reach reach = CodeText.builtIn(name, user.kind() == Kind.RULE);
            if (reach != Reach.NONE) {
                Node function = node(Kind.FUNCTION, used);
                labels.put(function, "function " + name + "()");
                graph.own(function, new Effect(reach, true, CodeText.builtInTraces(name)));
                graph.uses(user, function);
            }
            return true;
        });
    }

    /** A view of pg_settings can be read by everybody; changed, it changes the session. */
    private void settings(Node user, @Nullable Hook hook, Node relation) {
        labels.put(relation, "view \"pg_settings\"");
        graph.own(relation, new Effect(Reach.FAR, true, Set.of(Trace.SETTINGS)));
        if (hook != null) {
            graph.uses(hook.acts ? user : node(Kind.WRITE, hook.relation), relation);
        }
    }

    /** A domain's CHECK runs for values that are stored; the functions of a type of its own run for those read, too. */
    private void column(long relation, Kind kind, long type) {
        if (kind == Kind.TYPE) {
            graph.uses(node(Kind.WRITE, relation), node(Kind.TYPE, type));
            if (!domains.contains(type)) {
                graph.uses(node(Kind.READ, relation), node(Kind.TYPE, type));
            }
        }
    }

    /** A reference to a relation means something only where there can be a query. */
    private void relation(Node user, @Nullable Hook hook, long relation) {
        switch (user.kind()) {
            case FUNCTION -> {
                CodeText text = bodies.get(user.oid());
                boolean writes = text == null || text.writes();
                graph.uses(user, node(writes ? Kind.CHANGED_BY_CODE : Kind.READ_BY_CODE, relation));
            }
            case POLICY -> {
                if (hook == null || hook.relation != relation) {
                    graph.uses(user, node(Kind.READ_BY_CODE, relation));
                }
            }
            case RULE -> rule(user, hook, relation);
            case OPERATOR,
                    TYPE,
                    DEFAULT,
                    CONSTRAINT,
                    TRIGGER,
                    INDEX,
                    READ,
                    WRITE,
                    TRUNCATE,
                    CHANGED_BY_CODE,
                    READ_BY_CODE -> {}
        }
    }

    private void rule(Node user, @Nullable Hook hook, long relation) {
        if (hook == null || hook.relation == relation) {
            return;
        }
        if (hook.acts) {
            graph.uses(user, node(Kind.CHANGED_BY_CODE, relation));
            return;
        }
        for (Kind kind : List.of(Kind.READ, Kind.WRITE, Kind.READ_BY_CODE, Kind.CHANGED_BY_CODE)) {
            graph.uses(node(kind, hook.relation), node(kind, relation));
        }
    }

    /** What the text of functions mentions. */
    private void bodies() {
        bodies.forEach((oid, text) -> {
            Node function = node(Kind.FUNCTION, oid);
            Kind relation = text.writes() ? Kind.CHANGED_BY_CODE : Kind.READ_BY_CODE;
            add(function, text.words(), relationNames, relation);
            add(function, text.words(), typesOnly(), Kind.TYPE);
            add(function, text.calls(), functionNames, Kind.FUNCTION);
            add(function, text.operators(), operatorNames, Kind.OPERATOR);
        });
    }

    /** Types that are no relation's row. */
    private Map<String, Set<Long>> typesOnly() {
        Map<String, Set<Long>> own = new HashMap<>(typeNames);
        own.keySet().removeAll(relationNames.keySet());
        return own;
    }

    private void add(Node function, Set<String> words, Map<String, Set<Long>> names, Kind kind) {
        for (String word : words) {
            names.getOrDefault(word, Set.of()).forEach(oid -> graph.uses(function, node(kind, oid)));
        }
    }

    private HiddenCode found(Map<Long, Long> parents) throws SQLException {
        Map<String, Found> functions = byName(functionNames, Kind.FUNCTION);
        Map<String, Found> operators = byName(operatorNames, Kind.OPERATOR);
        Map<String, Found> types = byName(typeNames, Kind.TYPE);
        Found everywhere = null;
        for (Map.Entry<String, Found> operator : operators.entrySet()) {
            if (COMPARISONS.contains(operator.getKey())) {
                everywhere = Found.worse(everywhere, operator.getValue());
            }
        }
        for (Cast cast : casts) {
            Found found = found(cast.function, cast.label);
            if (found != null && cast.shown) {
                types.merge(cast.target, found, Found::worse);
            } else if (found != null) {
                everywhere = Found.worse(everywhere, found);
            }
        }
        rowFunctions.retainAll(functions.keySet());
        return new HiddenCode(
                functions,
                rowFunctions,
                new HashSet<>(Sql.rows(home, CatalogSql.VARYING_FUNCTIONS, row -> Sql.text(row, "proname"))),
                operators,
                types,
                byRelation(Kind.READ),
                byRelation(Kind.WRITE),
                byRelation(Kind.TRUNCATE),
                divergent(parents),
                everywhere,
                settings,
                new HashSet<>(Sql.rows(home, HiddenCodeSql.NAMES, row -> Sql.text(row, "name"))));
    }

    private Map<String, Found> byName(Map<String, Set<Long>> names, Kind kind) {
        Map<String, Found> all = new HashMap<>();
        names.forEach((name, oids) -> {
            Found worst = null;
            for (long oid : oids) {
                worst = Found.worse(worst, found(node(kind, oid), null));
            }
            if (worst != null) {
                all.put(name, worst);
            }
        });
        return all;
    }

    private Map<TableName, Found> byRelation(Kind kind) {
        Map<TableName, Found> all = new HashMap<>();
        tables.forEach((oid, table) -> {
            Found found = found(node(kind, oid), null);
            if (found != null) {
                all.put(table.name(), found);
            }
        });
        return all;
    }

    private Map<TableName, String> divergent(Map<Long, Long> parents) {
        Map<TableName, String> all = new HashMap<>();
        for (Hook hook : hooks) {
            if (hook.acts && graph.effect(hook.node).varies()) {
                for (Long relation = hook.relation; relation != null; relation = parents.get(relation)) {
                    Table table = tables.get(relation);
                    if (table != null) {
                        all.put(table.name(), labels.getOrDefault(hook.node, "a trigger"));
                    }
                }
            }
        }
        return all;
    }

    private @Nullable Found found(Node node, @Nullable String label) {
        Effect effect = graph.effect(node);
        return effect.reach() == Reach.NONE && effect.traces().isEmpty()
                ? null
                : new Found(effect.reach(), describe(node, label), effect.traces());
    }

    /** What the statement meets, and the function behind it. */
    private String describe(Node start, @Nullable String label) {
        String outer = label == null ? labels.get(start) : label;
        Node node = start;
        for (int i = 0; i < LONGEST_CHAIN; i++) {
            String here = labels.get(node);
            if (outer == null) {
                outer = here;
            } else if (node.kind() == Kind.FUNCTION && here != null && !here.equals(outer)) {
                return outer + ", which calls " + here;
            }
            if (node.kind() == Kind.FUNCTION) {
                break;
            }
            node = graph.culprit(node);
        }
        return outer == null ? "hidden code" : outer;
    }
}
