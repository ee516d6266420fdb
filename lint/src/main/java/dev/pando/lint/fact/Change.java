package dev.pando.lint.fact;

import dev.pando.grammar.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A change of rows.
 *
 * @param relation as SQL has it
 * @param columns that an UPDATE sets; empty when that may be any, and for other changes
 */
public record Change(String relation, Kind kind, Set<String> columns) {
    /** With its bit of {@code pg_trigger.tgtype}. */
    public enum Kind {
        INSERT(4),
        DELETE(8),
        UPDATE(16),
        TRUNCATE(32);

        private final int event;

        Kind(int event) {
            this.event = event;
        }

        public int event() {
            return event;
        }
    }

    public Change {
        columns = Set.copyOf(columns);
    }

    /** The changes that a statement makes itself. */
    public static List<Change> of(Node node) {
        Node relation = node.child("relation");
        return switch (node.tag()) {
            case "InsertStmt" -> inserted(relation, node.child("onConflictClause"));
            case "UpdateStmt" -> List.of(of(relation, Kind.UPDATE, targets(node)));
            case "DeleteStmt" -> List.of(of(relation, Kind.DELETE, Set.of()));
            case "MergeStmt" -> merged(relation, node.list("mergeWhenClauses"));
            case "CopyStmt" ->
                node.flag("is_from") && relation != null ? List.of(of(relation, Kind.INSERT, Set.of())) : List.of();
            case "TruncateStmt" ->
                node.list("relations").stream()
                        .map(each -> of(each, Kind.TRUNCATE, Set.of()))
                        .toList();
            default -> List.of();
        };
    }

    private static List<Change> inserted(@Nullable Node relation, @Nullable Node conflict) {
        List<Change> changes = new ArrayList<>(List.of(of(relation, Kind.INSERT, Set.of())));
        if (conflict != null && conflict.text("action").equals("ONCONFLICT_UPDATE")) {
            changes.add(of(relation, Kind.UPDATE, targets(conflict)));
        }
        return changes;
    }

    private static List<Change> merged(@Nullable Node relation, List<Node> clauses) {
        return clauses.stream()
                .flatMap(when -> switch (when.text("commandType")) {
                    case "CMD_INSERT" -> Stream.of(of(relation, Kind.INSERT, Set.of()));
                    case "CMD_UPDATE" -> Stream.of(of(relation, Kind.UPDATE, targets(when)));
                    case "CMD_DELETE" -> Stream.of(of(relation, Kind.DELETE, Set.of()));
                    default -> Stream.<Change>empty();
                })
                .toList();
    }

    /** Whether it changes rows that were there. */
    public boolean existing() {
        return kind == Kind.UPDATE || kind == Kind.DELETE;
    }

    private static Change of(@Nullable Node relation, Kind kind, Set<String> columns) {
        return new Change(relation == null ? "" : Names.of(relation), kind, columns);
    }

    private static Set<String> targets(Node node) {
        Set<String> columns = new HashSet<>();
        node.list("targetList").forEach(target -> columns.add(target.text("name")));
        return columns;
    }
}
