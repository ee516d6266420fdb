package dev.pando.lint.recipe;

import dev.pando.base.sql.Quote;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import dev.pando.grammar.Node;
import dev.pando.lint.recipe.Catalog.Member;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** An index of a partitioned table as one of the table alone, to which those of its partitions, built concurrently, are attached. */
final class PartitionedIndexRecipe {
    /** So many statements nobody reads; a loop in a program of its own does it then. */
    static final int MOST_PARTITIONS = 50;

    private PartitionedIndexRecipe() {}

    /** Makes an index that was not there before. */
    interface Form {
        List<String> steps(Member member);
    }

    /** Of CREATE INDEX. */
    static Optional<List<String>> of(String sql, Node index, Node table, Catalog catalog) {
        String create = "CREATE " + (index.flag("unique") ? "UNIQUE " : "") + "INDEX ";
        String definition = afterTable(sql, table);
        return of(sql, table, catalog, member -> {
            String name = Quote.identifier(member.name());
            String start = member.partitioned() ? name + " ON ONLY " : "CONCURRENTLY " + name + " ON ";
            return List.of(create + start + member.table() + " " + definition);
        });
    }

    /** Of any statement that makes an index; empty for what has too many partitions, or some that have no indexes. */
    static Optional<List<String>> of(String sql, Node table, Catalog catalog, Form form) {
        if (catalog.hasForeignPartition(table)) {
            return Optional.empty(); // the index of the table alone would never become valid
        }
        List<Member> members = catalog.indexesMadeBy(sql, table);
        if (members.isEmpty() || members.size() > MOST_PARTITIONS) {
            return Optional.empty();
        }
        List<String> steps = new ArrayList<>();
        members.stream().filter(Member::made).map(form::steps).forEach(steps::addAll);
        attach(members, steps);
        return Optional.of(steps);
    }

    /** From the leaves up: an index is valid as soon as one of each partition is attached to it. */
    private static void attach(List<Member> members, List<String> steps) {
        members.stream()
                .filter(member -> member.attachedTo() != null)
                .sorted(Comparator.comparingInt(Member::level).reversed())
                .forEach(member -> steps.add(
                        "ALTER INDEX " + member.attachedTo() + " ATTACH PARTITION " + member.qualifiedName()));
    }

    /** What follows the name of the table in CREATE INDEX. */
    private static String afterTable(String sql, Node table) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        var lexer = new SqlLexer();
        lexer.reset(text, 0, text.length);
        do {
            lexer.next();
        } while (lexer.start() < table.location());
        int from = lexer.end();
        Token token = lexer.next();
        while (token == Token.PUNCTUATION && lexer.first() == '.') {
            lexer.next();
            from = lexer.end();
            token = lexer.next();
        }
        from = token == Token.OPERATOR ? lexer.end() : from; // ON readings *
        return new String(text, from, text.length - from, StandardCharsets.UTF_8).strip();
    }
}
