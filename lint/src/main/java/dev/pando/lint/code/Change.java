package dev.pando.lint.code;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A change of rows, as triggers tell it from others.
 *
 * @param relation as SQL has it
 * @param events bits of {@code pg_trigger.tgtype}
 * @param columns that it sets; empty when that may be any
 */
public record Change(String relation, int events, Set<String> columns) {
    private static final int INSERT = 4;
    private static final int DELETE = 8;
    private static final int UPDATE = 16;
    private static final int TRUNCATE = 32;

    /** The changes that a statement makes itself. */
    static List<Change> of(Node node) {
        int events = switch (node.tag()) {
            case "InsertStmt" -> node.has("onConflictClause") ? INSERT | UPDATE : INSERT;
            case "UpdateStmt" -> UPDATE;
            case "DeleteStmt" -> DELETE;
            case "MergeStmt" -> INSERT | UPDATE | DELETE;
            case "CopyStmt" -> node.flag("is_from") ? INSERT : 0;
            case "TruncateStmt" -> TRUNCATE;
            default -> 0;
        };
        Set<String> columns = new HashSet<>();
        if (node.is("UpdateStmt")) {
            node.list("targetList").forEach(target -> columns.add(target.text("name")));
        }
        List<Node> relations = new ArrayList<>(node.list("relations"));
        Node relation = node.child("relation");
        if (relation != null) {
            relations.add(relation);
        }
        return events == 0
                ? List.of()
                : relations.stream()
                        .map(each -> new Change(Names.of(each), events, columns))
                        .toList();
    }
}
