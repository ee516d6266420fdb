package dev.pando.lint;

import dev.pando.grammar.Node;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements whose work a server made for the purpose cannot show: it lies in what production has besides the schema. */
final class Unseen {
    /** From this version on REINDEX DATABASE leaves the catalogs out. */
    private static final int WITHOUT_CATALOGS = 16;

    private Unseen() {}

    static Optional<String> of(Node node, int major) {
        String reason = switch (node.tag()) {
            case "DropOwnedStmt", "ReassignOwnedStmt" -> "what the role owns is known in production only";
            case "AlterTableMoveAllStmt" -> "what lies in the tablespace is known in production only";
            case "VacuumStmt" ->
                node.flag("is_vacuumcmd") && full(node) && (node.list("rels").isEmpty() || catalog(node))
                        ? "it also rewrites system catalogs under AccessExclusive, which every query waits for"
                        : null;
            case "ClusterStmt" ->
                catalog(node)
                        ? "it rewrites a system catalog under AccessExclusive, which every query waits for"
                        : null;
            case "ReindexStmt" -> reindex(node, major);
            default -> null;
        };
        return Optional.ofNullable(reason);
    }

    private static boolean full(Node vacuum) {
        return vacuum.list("options").stream()
                .anyMatch(option -> option.text("defname").equals("full"));
    }

    private static boolean catalog(Node node) {
        return node.all("RangeVar").stream()
                .anyMatch(range -> range.text("schemaname").equals("pg_catalog")
                        || range.text("relname").startsWith("pg_"));
    }

    private static @Nullable String reindex(Node node, int major) {
        boolean catalogs = switch (node.text("kind")) {
            case "REINDEX_OBJECT_SYSTEM" -> true;
            case "REINDEX_OBJECT_DATABASE" -> major < WITHOUT_CATALOGS;
            case "REINDEX_OBJECT_SCHEMA" -> node.text("name").equals("pg_catalog");
            default -> catalog(node);
        };
        return catalogs
                ? "it builds indexes of system catalogs under AccessExclusive, which every query waits for"
                : null;
    }
}
