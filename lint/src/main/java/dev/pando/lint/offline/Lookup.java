package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lab.Major;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.Outcome;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
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

    /** Of statements that change how others are run, and nothing in the database. */
    public static final Observation NOTHING = new Observation(
            new Outcome.Observed(), List.of(), List.of(), List.of(), List.of(), false, Set.of(), List.of());

    private final Schema schema = new Schema();
    private final Definitions definitions = new Definitions(schema);
    private final Forms forms = new Forms(schema);
    private final KnownForms known;

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
        transaction = id;
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
