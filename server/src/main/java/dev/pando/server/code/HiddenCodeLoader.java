package dev.pando.server.code;

import dev.pando.core.route.BuiltIns;
import dev.pando.core.route.CodeText;
import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.HiddenCode.Reach;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Table;
import dev.pando.core.topology.Trace;
import dev.pando.server.code.CatalogAnswer.Row;
import dev.pando.server.code.CodeGraph.Effect;
import dev.pando.server.code.CodeGraph.Kind;
import dev.pando.server.code.CodeGraph.Node;
import dev.pando.server.code.CodeInventory.Cast;
import dev.pando.server.code.CodeInventory.Hook;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which functions, operators, types, triggers, defaults and so on of a database look at its tables, and through what a statement
 * meets them. Functions are trusted when their comment says {@code pando.safe}, or when they came with an extension; of IMMUTABLE ones it
 * is believed that they look at no table. The text of others is read by {@link CodeText}, and what cannot be read is taken for the worst.
 */
public final class HiddenCodeLoader {

    private final Map<CodeQuery, CatalogAnswer> answers;
    private final Map<Long, Table> tables;
    private final CodeInventory code;
    private final CodeGraph graph;
    private final Map<String, Set<Long>> relationNames = new HashMap<>();
    private final Set<Long> domains = new HashSet<>();
    /** Functions whose text says nothing more: their comment vouches for them. */
    private final Set<Long> vouched = new HashSet<>();
    /** IMMUTABLE ones: they are believed to look at no table, but PostgreSQL lets them set parameters and take locks all the same. */
    private final Set<Long> declared = new HashSet<>();

    private final Map<Long, CodeText> bodies = new HashMap<>();
    /** Functions with a parsed body that only reads. */
    private final Set<Long> readers = new HashSet<>();

    private HiddenCodeLoader(Map<CodeQuery, CatalogAnswer> answers, Map<Long, Table> tables, Map<Long, Long> parents) {
        this.answers = answers;
        this.tables = tables;
        this.code = new CodeInventory(tables, parents);
        this.graph = code.graph();
    }

    /**
     * @param answers to all queries
     * @param tables by oid
     * @param parents of partitions and inheritance children
     */
    public static HiddenCode load(
            Map<CodeQuery, CatalogAnswer> answers, Map<Long, Table> tables, Map<Long, Long> parents) {
        HiddenCodeLoader loader = new HiddenCodeLoader(answers, tables, parents);
        loader.relations(parents);
        loader.functions();
        loader.operatorsAndTypes();
        loader.hooks();
        loader.uses();
        loader.builtIns();
        loader.bodies();
        loader.graph.close();
        return loader.code.judged(loader.names(CodeQuery.VARYING), loader.names(CodeQuery.NAMES));
    }

    private CatalogAnswer answer(CodeQuery query) {
        return Objects.requireNonNull(answers.get(query), query::name);
    }

    private Set<String> names(CodeQuery query) {
        Set<String> names = new HashSet<>(answer(query).read(row -> row.text("name")));
        names.removeIf(BuiltIns::has);
        return names;
    }

    private static Node node(Kind kind, long oid) {
        return new Node(kind, oid);
    }

    private void relations(Map<Long, Long> parents) {
        tables.forEach((oid, table) -> {
            CodeInventory.add(relationNames, table.name().name(), oid);
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
        answer(CodeQuery.CASCADES)
                .forEach(row ->
                        graph.uses(node(Kind.WRITE, row.number("relation")), node(Kind.WRITE, row.number("changed"))));
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

    private void functions() {
        answer(CodeQuery.FUNCTIONS).forEach(row -> {
            long oid = row.number("oid");
            Node node = node(Kind.FUNCTION, oid);
            String name = row.text("name");
            boolean aggregate = row.text("kind").equals("a");
            code.label(node, (row.text("kind").equals("p") ? "procedure " : "function ") + name + "()");
            code.function(name, oid, row.flag("row_argument"));
            if (row.flag("vouched")) {
                vouched.add(oid);
            } else if (!aggregate) {
                if (row.flag("immutable")) {
                    declared.add(oid);
                }
                graph.own(node, effect(row, oid));
            }
        });
    }

    private static boolean legible(Row row) {
        return List.of("sql", "plpgsql").contains(row.text("language")) && !row.flag("long");
    }

    private Effect effect(Row row, long oid) {
        if (row.flag("parsed")) {
            if (!row.flag("writes")) {
                readers.add(oid);
            }
            return new Effect(Reach.NONE, !declared.contains(oid));
        }
        boolean legible = legible(row);
        if (declared.contains(oid) && !legible) {
            return Effect.HARMLESS;
        }
        CodeText text = legible ? CodeText.of(row.text("body")) : CodeText.foreign(row.text("body"));
        if (legible) {
            bodies.put(oid, text);
        }
        Reach reach = text.opaque() ? Reach.FAR : text.home() ? Reach.HOME : Reach.NONE;
        code.settings(text.settings());
        Set<Trace> left = EnumSet.noneOf(Trace.class);
        left.addAll(text.left());
        if (row.flag("temporary") && text.opaque()) {
            left.add(Trace.TEMPORARY);
        }
        return declared.contains(oid)
                ? new Effect(Reach.NONE, false, left)
                : new Effect(reach, text.opaque() || text.varies(), left);
    }

    private void operatorsAndTypes() {
        answer(CodeQuery.OPERATORS).forEach(row -> {
            Node node = node(Kind.OPERATOR, row.number("oid"));
            String name = row.text("name");
            code.label(node, "operator " + name);
            code.operator(name, node.oid());
            graph.uses(node, node(Kind.FUNCTION, row.number("function")));
        });
        answer(CodeQuery.TYPES).forEach(row -> {
            Node node = node(Kind.TYPE, row.number("oid"));
            String name = row.text("name");
            code.label(node, "type " + name);
            code.type(name, node.oid());
            if (row.flag("domain")) {
                domains.add(node.oid());
            }
            row.numbers("parts").forEach(part -> graph.uses(node, node(Kind.TYPE, part)));
            row.numbers("functions").forEach(each -> graph.uses(node, node(Kind.FUNCTION, each)));
        });
        answer(CodeQuery.CASTS)
                .forEach(row -> code.cast(new Cast(
                        node(Kind.FUNCTION, row.number("function")),
                        row.flag("shown"),
                        row.text("target"),
                        "cast from " + row.text("source_name") + " to " + row.text("target_name"))));
    }

    private void hooks() {
        answer(CodeQuery.HOOKS).forEach(row -> {
            Hook hook = new Hook(
                    node(kind(row.text("class")), row.number("oid")),
                    row.number("relation"),
                    row.number("type"),
                    row.text("event"),
                    row.flag("acts"));
            code.hook(hook);
            code.label(hook.node(), label(row, tables.get(hook.relation())));
        });
        answer(CodeQuery.EVENT_TRIGGERS)
                .forEach(row -> code.eventTrigger(row.text("name"), node(Kind.FUNCTION, row.number("function"))));
        for (Hook hook : code.hooks()) {
            if (hook.type() != 0) {
                graph.uses(node(Kind.TYPE, hook.type()), hook.node());
            }
            if (hook.on('r') || hook.on('s')) {
                graph.uses(node(Kind.READ, hook.relation()), hook.node());
            }
            if (hook.on('w')) {
                graph.uses(node(Kind.WRITE, hook.relation()), hook.node());
            }
            if (hook.on('t')) {
                graph.uses(node(Kind.TRUNCATE, hook.relation()), hook.node());
            }
        }
    }

    private static String label(Row row, @Nullable Table table) {
        String what = row.text("what");
        String of = table == null ? "" : " \"" + table.name().name() + "\"";
        if (what.equals("view")) {
            return what + of;
        }
        return what + " \"" + row.text("name") + "\"" + (of.isEmpty() ? "" : " of" + of);
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

    private void uses(Node user, Node used) {
        if (user.kind() == Kind.FUNCTION && declared.contains(user.oid())) {
            graph.runs(user, used);
        } else {
            graph.uses(user, used);
        }
    }

    /** What PostgreSQL itself has noted of who refers to whom. */
    private void uses() {
        answer(CodeQuery.USES).forEach(row -> {
            String catalog = row.text("class");
            long oid = row.number("oid");
            long used = row.number("used");
            Kind usedKind = kind(row.text("used_class"));
            if (catalog.equals("columns")) {
                column(oid, usedKind, used);
                return;
            }
            Node user = node(kind(catalog), oid);
            if (user.kind() == Kind.FUNCTION && vouched.contains(oid)) {
                return;
            }
            if (usedKind != Kind.INDEX) {
                uses(user, node(usedKind, used));
            } else if (tables.containsKey(used)) {
                relation(user, code.hookOf(user), used);
            }
        });
    }

    /** What code that is kept parsed mentions of PostgreSQL itself, which pg_depend does not tell. */
    private void builtIns() {
        answer(CodeQuery.BUILT_INS).forEach(row -> {
            Node user = node(kind(row.text("class")), row.number("oid"));
            String name = row.text("name");
            long used = row.number("used");
            if (user.kind() == Kind.FUNCTION && vouched.contains(user.oid())) {
                return;
            }
            if (row.flag("settings")) {
                settings(user, code.hookOf(user), node(Kind.CHANGED_BY_CODE, used));
                return;
            }
            Reach reach = CodeText.builtIn(name, user.kind() == Kind.RULE);
            if (reach != Reach.NONE || !CodeText.builtInTraces(name).isEmpty()) {
                Node function = node(Kind.FUNCTION, used);
                code.label(function, "function " + name + "()");
                graph.own(function, new Effect(reach, true, CodeText.builtInTraces(name)));
                uses(user, function);
            }
        });
    }

    /** A view of pg_settings can be read by everybody; changed, it changes the session. */
    private void settings(Node user, @Nullable Hook hook, Node relation) {
        code.label(relation, "view \"pg_settings\"");
        graph.own(relation, new Effect(Reach.FAR, true, Set.of(Trace.SETTINGS)));
        if (hook != null) {
            graph.uses(hook.acts() ? user : node(Kind.WRITE, hook.relation()), relation);
        } else if (user.kind() == Kind.FUNCTION && !readers.contains(user.oid())) {
            uses(user, relation);
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
                if (declared.contains(user.oid())) {
                    return;
                }
                CodeText text = bodies.get(user.oid());
                boolean writes = text == null ? !readers.contains(user.oid()) : text.writes();
                graph.uses(user, node(writes ? Kind.CHANGED_BY_CODE : Kind.READ_BY_CODE, relation));
            }
            case POLICY -> {
                if (hook == null || hook.relation() != relation) {
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
        if (hook == null || hook.relation() == relation) {
            return;
        }
        if (hook.acts()) {
            graph.uses(user, node(Kind.CHANGED_BY_CODE, relation));
            return;
        }
        for (Kind kind : List.of(Kind.READ, Kind.WRITE, Kind.READ_BY_CODE, Kind.CHANGED_BY_CODE)) {
            graph.uses(node(kind, hook.relation()), node(kind, relation));
        }
    }

    /** What the text of functions mentions. */
    private void bodies() {
        bodies.forEach((oid, text) -> {
            Node function = node(Kind.FUNCTION, oid);
            Kind relation = text.writes() ? Kind.CHANGED_BY_CODE : Kind.READ_BY_CODE;
            add(function, text.words(), relationNames, relation);
            add(function, text.words(), typesOnly(), Kind.TYPE);
            add(function, text.calls(), code.functions(), Kind.FUNCTION);
            add(function, text.operators(), code.operators(), Kind.OPERATOR);
        });
    }

    /** Types that are no relation's row. */
    private Map<String, Set<Long>> typesOnly() {
        Map<String, Set<Long>> own = new HashMap<>(code.types());
        own.keySet().removeAll(relationNames.keySet());
        return own;
    }

    private void add(Node function, Set<String> words, Map<String, Set<Long>> names, Kind kind) {
        for (String word : words) {
            names.getOrDefault(word, Set.of()).forEach(oid -> uses(function, node(kind, oid)));
        }
    }
}
