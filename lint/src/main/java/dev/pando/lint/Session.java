package dev.pando.lint;

import dev.pando.grammar.Node;
import dev.pando.lint.read.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What SET does to the statements after it. Each statement is measured in a transaction of its own, so SET LOCAL is set and reset. */
final class Session {
    /** These would change how statements are measured, not what they do. */
    private static final Set<String> LEFT_OUT = Set.of(
            "lock_timeout",
            "statement_timeout",
            "idle_in_transaction_session_timeout",
            "transaction_timeout",
            "client_min_messages");

    private final Facts facts;
    private final List<String> local = new ArrayList<>();
    private int transaction = -1;

    Session(Facts facts) {
        this.facts = facts;
    }

    void enters(Statement statement) throws SQLException {
        if (statement.transaction().id() != transaction && facts instanceof ServerFacts server) {
            for (String name : local) {
                server.set("RESET " + name);
            }
            local.clear();
        }
        transaction = statement.transaction().id();
    }

    void control(Statement statement, Node node) throws SQLException {
        if (!node.is("VariableSetStmt")
                || LEFT_OUT.contains(node.text("name"))
                || !(facts instanceof ServerFacts server)) {
            return;
        }
        if (node.flag("is_local")) {
            server.set(statement.sql().replaceFirst("(?i)\\bLOCAL\\b", "SESSION"));
            local.add(node.text("name"));
        } else if (!node.text("kind").equals("VAR_SET_MULTI")) {
            server.set(statement.sql());
        }
    }
}
