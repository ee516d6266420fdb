package dev.pando.lint;

import dev.pando.base.sql.Quote;
import dev.pando.grammar.Node;
import dev.pando.lab.Messages;
import dev.pando.lab.oracle.Observation;
import dev.pando.lint.fact.Setting;
import dev.pando.lint.read.Statement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What SET and set_config() do to the statements after it. Each statement is measured in a transaction of its own, so SET LOCAL is set and reset. */
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

    /** Takes what the statement sets for those after it. */
    void control(Statement statement, Node node) throws SQLException {
        Optional<Setting> setting = Setting.alone(node);
        if (setting.isPresent()) {
            String sql = "SELECT pg_catalog.set_config("
                    + Quote.literal(setting.get().name()) + ", "
                    + Quote.literal(setting.get().value()) + ", false)";
            set(setting.get().name(), sql, setting.get().local());
        } else if (node.is("VariableSetStmt") && !node.text("kind").equals("VAR_SET_MULTI")) {
            // SET TRANSACTION is of the transaction's own, which the measuring has not.
            String sql = statement.sql();
            String name = node.text("name").toLowerCase(Locale.ROOT);
            boolean here = node.flag("is_local");
            set(name, here ? sql.replaceFirst("(?i)\\bLOCAL\\b", "SESSION") : sql, here);
            if (resetsZone(node)) {
                facts.usualZone();
            }
        }
    }

    private void set(String name, String sql, boolean here) throws SQLException {
        if (LEFT_OUT.contains(name)) {
            return;
        }
        if (here) {
            String ending = facts.restoring(name);
            facts.set(name, sql);
            local.putIfAbsent(name, ending);
        } else {
            facts.set(name, sql);
            local.remove(name);
        }
    }
}
