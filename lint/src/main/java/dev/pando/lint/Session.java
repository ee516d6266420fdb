package dev.pando.lint;

import dev.pando.grammar.Node;
import dev.pando.lab.Messages;
import dev.pando.lab.oracle.Observation;
import dev.pando.lint.read.Statement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What SET does to the statements after it. Each statement is measured in a transaction of its own, so SET LOCAL is set and reset. */
final class Session {
    /** These would change how statements are measured, not what they do; rights are not looked at. */
    private static final Set<String> LEFT_OUT = Set.of(
            "lock_timeout",
            "statement_timeout",
            "idle_in_transaction_session_timeout",
            "transaction_timeout",
            "client_min_messages",
            "client_encoding",
            "idle_session_timeout",
            "role",
            "session_authorization");

    private static final String CONNECTION_LOST = "08";

    private final Facts facts;
    /** What ends each SET LOCAL in force, by setting. */
    private final Map<String, String> local = new LinkedHashMap<>();

    private int transaction = -1;

    Session(Facts facts) {
        this.facts = facts;
    }

    void enters(Statement statement) throws SQLException {
        if (statement.transaction().id() != transaction) {
            for (Map.Entry<String, String> ending : local.entrySet()) {
                facts.set(ending.getKey(), ending.getValue());
            }
            local.clear();
        }
        transaction = statement.transaction().id();
    }

    /** What came of a statement that controls others, which goes on when a SET is refused. */
    Observation observe(Statement statement, Node node) throws SQLException {
        try {
            control(statement, node);
            return Observation.nothing();
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith(CONNECTION_LOST)) {
                throw e;
            }
            return Rights.judged(Observation.failed(state, Messages.of(e)));
        }
    }

    private static boolean resetsZone(Node node) {
        return switch (node.text("kind")) {
            case "VAR_RESET_ALL" -> true;
            case "VAR_RESET", "VAR_SET_DEFAULT" -> node.text("name").equalsIgnoreCase(Zone.SETTING);
            default -> false;
        };
    }

    void control(Statement statement, Node node) throws SQLException {
        if (!node.is("VariableSetStmt") || LEFT_OUT.contains(node.text("name"))) {
            return;
        }
        String name = node.text("name").toLowerCase(Locale.ROOT);
        if (node.text("kind").equals("VAR_SET_MULTI")) {
            return; // of the transaction's own, which the measuring has not
        }
        if (node.flag("is_local")) {
            String ending = facts.restoring(name);
            facts.set(name, statement.sql().replaceFirst("(?i)\\bLOCAL\\b", "SESSION"));
            local.putIfAbsent(name, ending);
        } else {
            facts.set(name, statement.sql());
            local.remove(name);
        }
        if (resetsZone(node)) {
            facts.usualZone();
        }
    }
}
