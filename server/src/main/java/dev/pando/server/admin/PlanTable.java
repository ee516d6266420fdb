package dev.pando.server.admin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** EXPLAIN STATEMENT: how servers would run one that SHOW STATEMENTS tells of. */
final class PlanTable {
    static final String COMMAND = "EXPLAIN STATEMENT";
    private static final List<String> COLUMNS = List.of("shards", "plan");

    private final AdminView view;

    PlanTable(AdminView view) {
        this.view = view;
    }

    /** Columns alone: nobody is asked. */
    static AdminResult columns() {
        return AdminResult.of(COLUMNS, List.of());
    }

    /** Asks servers; only for administrators. */
    AdminResult of(AdminStatement statement, String user) {
        AdminActions.allow(view, COMMAND, user);
        String id = statement.words().substring(COMMAND.length()).strip();
        if (!id.matches("[0-9]{1,19}")) {
            throw new PandoException(
                    PandoError.ADMIN_REFUSED,
                    statement.echo(),
                    "it is EXPLAIN STATEMENT id, with an id of SHOW STATEMENTS");
        }
        StatementPlan plan = view.plan(Long.parseUnsignedLong(id));
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (StatementPlan.OnShards some : plan.plans()) {
            String shards = String.join(", ", some.shards());
            for (String line : some.lines()) {
                rows.add(new ArrayList<@Nullable String>(List.of(shards, line)));
                shards = "";
            }
        }
        String how = "as user " + plan.user() + " in database " + plan.database() + ": " + plan.asked();
        return new AdminResult(COLUMNS, Set.of(), rows, "EXPLAIN", List.of(how));
    }
}
