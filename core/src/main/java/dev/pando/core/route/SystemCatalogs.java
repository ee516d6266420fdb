package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import java.util.Set;

/** Writes to PostgreSQL's own relations, wherever in a statement: each server has its own, and pg_settings is a session's. */
final class SystemCatalogs {
    private static final Set<String> WRITES = Set.of("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt");
    private static final Set<String> SCHEMAS = Set.of("pg_catalog", "information_schema", "pg_toast");

    private SystemCatalogs() {}

    static void check(Ast statement, Planning planning) {
        if (!statement.is("RuleStmt")) {
            statement.walk(node -> write(node, planning));
        }
    }

    private static void write(Ast node, Planning planning) {
        Ast target = WRITES.contains(node.kind()) ? node.child("relation") : null;
        if (target == null || !system(target, planning)) {
            return;
        }
        String name = target.text("relname");
        if (name.equals(CodeText.SETTINGS)) {
            throw new Refused(
                    PandoError.SETTING_REFUSED,
                    "a parameter",
                    "a value by changing pg_settings",
                    "it is followed with SET and set_config() only");
        }
        if (planning.catalog.shardCount() > 1) {
            throw Refused.shape("a write to system catalog \"" + name + "\"");
        }
    }

    /** Relations of PostgreSQL come first where no schema is given, and their names begin with pg_. */
    private static boolean system(Ast range, Planning planning) {
        String schema = range.text("schemaname");
        String name = range.text("relname");
        return SCHEMAS.contains(schema)
                || (schema.isEmpty() && name.startsWith("pg_") && planning.table(range) == null);
    }
}
