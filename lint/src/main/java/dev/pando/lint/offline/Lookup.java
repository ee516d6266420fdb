package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lab.Major;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.RelationKind;
import dev.pando.lint.fact.Meaning;
import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Sizes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What statements do, told from the oracle's table of a major and a schema that is read from statements, without a server: as the server would
 * say it, or unknown. Belongs to one thread.
 */
public final class Lookup {
    /** Settings that change nothing of what a statement locks, reads and writes. */
    private static final Set<String> HARMLESS = Set.of(
            "application_name",
            "check_function_bodies",
            "client_encoding",
            "client_min_messages",
            "datestyle",
            "default_tablespace",
            "default_with_oids",
            "escape_string_warning",
            "idle_in_transaction_session_timeout",
            "lock_timeout",
            "maintenance_work_mem",
            "row_security",
            "standard_conforming_strings",
            "statement_timeout",
            "synchronous_commit",
            "timezone",
            "transaction_timeout",
            "work_mem",
            "xmloption");

    private static final Set<String> WHOLE = Set.of("int2", "int4", "int8");

    private final Schema schema = new Schema();
    private final Definitions definitions = new Definitions(schema);
    private final Forms forms = new Forms(schema);
    private final KnownForms known;

    /** Tables with higher numbers are the migration's own. */
    private long foreign;

    /** Tables with higher numbers were made in the transaction. */
    private long fresh;

    /** Names that were there when the migration began: what takes one of them is used under it. */
    private Set<Table.Name> taken = Set.of();

    private int transaction = -1;
    /** Whether {@link #before} is what the search path is again when the transaction ends. */
    private boolean local;

    private @Nullable List<String> before;

    /** {@code parse} gives the statements of a text; none of one that the grammar refuses. */
    public Lookup(Major major, Function<String, List<Node>> parse) {
        known = new KnownForms(major, parse);
    }

    /** What the statement does on the schema as it is. */
    public Observation observe(Node node) {
        try {
            return known.observation(forms.of(node));
        } catch (Unclear e) {
            return Observation.unknown("not in the oracle's tables: " + e.getMessage() + "; run without --offline");
        }
    }

    /** Brings the schema to where the statement leaves it. */
    public void apply(Node node) {
        definitions.apply(node);
    }

    /** A SET. */
    public void set(Node node) {
        String name = node.text("name");
        if (node.flag("is_local") && name.equals("search_path") && !local) {
            before = schema.currentPath();
            local = true;
        }
        if (name.equals("search_path") && node.text("kind").equals("VAR_SET_VALUE")) {
            definitions.path(node.list("args").stream()
                    .map(value -> String.valueOf(value.constant()))
                    .toList());
        } else if (name.equals("search_path") || node.text("kind").equals("VAR_RESET_ALL")) {
            schema.path(List.of("public"));
        } else if (!HARMLESS.contains(name)) {
            schema.unclear("SET " + name);
        }
    }

    /** The next statement is in this transaction. */
    public void transaction(int id) {
        if (id != transaction && local) {
            schema.path(before);
            local = false;
        }
        if (id != transaction) {
            fresh = schema.numbers();
        }
        transaction = id;
    }

    /** A migration begins: tables from now on are its own. */
    public void begin() {
        foreign = schema.numbers();
        taken = schema.tables().stream().map(table -> table.name).collect(Collectors.toSet());
    }

    /** Qualified names of the tables that the migration has made. */
    public Set<String> own() {
        return schema.tables().stream()
                .filter(this::own)
                .map(table -> table.relation().qualifiedName())
                .collect(Collectors.toSet());
    }

    /** What its transaction has made nobody else sees; later others reach it under a name they know, or by way of what it inherits from. */
    private boolean own(Table table) {
        return table.number > foreign
                && (table.number > fresh
                        || (!taken.contains(table.name) && (table.parent == null || own(table.parent))));
    }

    /** What the names of relations in a statement mean, as far as it is known. */
    public Map<String, Meaning> meanings(Node node, Sizes sizes) {
        Map<String, Meaning> meanings = new HashMap<>();
        for (Node range : node.all("RangeVar")) {
            Table table = found(range.text("schemaname"), range.text("relname"));
            if (table != null) {
                meanings.put(Names.of(range), meaning(table, sizes));
            }
        }
        return meanings;
    }

    private @Nullable Table found(String schemaName, String name) {
        try {
            schema.certain();
            return schema.find(schemaName, name);
        } catch (Unclear e) {
            return null;
        }
    }

    private Meaning meaning(Table table, Sizes sizes) {
        boolean keyed = table.unclear == null
                && (table.kind == RelationKind.PARTITIONED_TABLE
                        || schema.children(table).isEmpty());
        Set<String> whole = table.columns.values().stream()
                .filter(column ->
                        WHOLE.contains(column.type().name()) && !column.type().array())
                .map(Table.Column::name)
                .collect(Collectors.toSet());
        List<Set<String>> keys = table.indexes.values().stream()
                .filter(index -> index.unique() && index.plain())
                .map(index -> Set.copyOf(index.columns()))
                .toList();
        return new Meaning(
                table.number,
                table.relation().qualifiedName(),
                own(table),
                sizes.of(table.relation()),
                table.columns.keySet(),
                whole,
                keyed ? keys : List.of());
    }

    /** Of the names in a DROP, those of tables that the migration has made itself. */
    public Set<String> dropped(Node drop) {
        return Names.dropped(drop).stream()
                .filter(name -> {
                    Table table = found(name.size() > 1 ? name.getFirst() : "", name.getLast());
                    return table != null && own(table);
                })
                .map(Names::of)
                .collect(Collectors.toSet());
    }

    /** The table was made only if there was none: it may be another one, and not the migration's own. */
    public void doubtful(Node made) {
        Table table = found(made.text("schemaname"), made.text("relname"));
        if (table != null) {
            table.number = 0;
            table.unclear = "IF NOT EXISTS may have found another " + made.text("relname");
        }
    }

    /** Something happened that nobody understands. */
    public void lost(String since) {
        schema.unclear(since);
    }

    /** Another session begins. */
    public void freshSession() {
        local = false;
        schema.path(List.of("public"));
    }

    KnownForms known() {
        return known;
    }
}
