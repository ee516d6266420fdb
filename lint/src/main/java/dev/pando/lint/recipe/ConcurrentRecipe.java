package dev.pando.lint.recipe;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Rewrite;
import dev.pando.lint.fact.Step;
import java.util.List;
import java.util.Optional;

/** CONCURRENTLY where PostgreSQL has it. */
final class ConcurrentRecipe {
    private static final String OUTSIDE = "outside a transaction: the tool must not open one for this file";

    static final String CONCURRENTLY_APART =
            "CREATE INDEX CONCURRENTLY runs outside a transaction; if it fails, drop the invalid index and try again";

    private ConcurrentRecipe() {}

    static Optional<Rewrite> of(Step step, Node node, Catalog catalog) {
        String sql = step.statement().sql();
        return switch (node.tag()) {
            case "IndexStmt" -> index(sql, node, catalog);
            case "DropStmt" -> drop(node);
            case "ReindexStmt" -> reindex(sql, node, catalog);
            case "RefreshMatViewStmt" -> one(Words.after(sql, "view", "CONCURRENTLY", false), "");
            default -> Optional.empty();
        };
    }

    private static Optional<Rewrite> one(String sql, String note) {
        return Optional.of(new Rewrite(List.of(sql), note.isEmpty() ? List.of() : List.of(note)));
    }

    private static Optional<Rewrite> index(String sql, Node node, Catalog catalog) {
        Node table = node.child("relation");
        String kind = table == null ? "" : catalog.kind(table).orElse("");
        if (table == null || kind.isEmpty() || node.flag("concurrent")) {
            return Optional.empty();
        }
        return kind.equals("p")
                ? PartitionedIndexRecipe.of(sql, node, table, catalog)
                        .map(steps -> new Rewrite(steps, List.of(CONCURRENTLY_APART)))
                : one(Words.after(sql, "index", "CONCURRENTLY", true), OUTSIDE);
    }

    private static Optional<Rewrite> drop(Node node) {
        if (!node.text("removeType").equals("OBJECT_INDEX")
                || node.text("behavior").equals("DROP_CASCADE")) {
            return Optional.empty();
        }
        String start = "DROP INDEX CONCURRENTLY " + (node.flag("missing_ok") ? "IF EXISTS " : "");
        return Optional.of(new Rewrite(
                Names.dropped(node).stream().map(name -> start + Names.of(name)).toList(), List.of(OUTSIDE)));
    }

    private static Optional<Rewrite> reindex(String sql, Node node, Catalog catalog) {
        Node table = node.child("relation");
        return switch (node.text("kind")) {
            case "REINDEX_OBJECT_TABLE" ->
                table != null && catalog.kind(table).orElse("").equals("p")
                        ? eachPartition(node, catalog.leaves(table))
                        : one(Words.after(sql, "table", "CONCURRENTLY", false), OUTSIDE);
            case "REINDEX_OBJECT_INDEX" -> one(Words.after(sql, "index", "CONCURRENTLY", false), OUTSIDE);
            default -> Optional.empty();
        };
    }

    /** REINDEX CONCURRENTLY of the partitioned table itself would take Share on all partitions first. */
    private static Optional<Rewrite> eachPartition(Node reindex, List<String> partitions) {
        boolean plain = reindex.list("params").stream()
                .allMatch(option -> option.text("defname").equals("concurrently"));
        return plain && !partitions.isEmpty() && partitions.size() <= PartitionedIndexRecipe.MOST_PARTITIONS
                ? Optional.of(new Rewrite(
                        partitions.stream()
                                .map(partition -> "REINDEX TABLE CONCURRENTLY " + partition)
                                .toList(),
                        List.of(OUTSIDE)))
                : Optional.empty();
    }
}
