package dev.pando.core.route;

import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the clauses of a SELECT begin in its text, found with the lexer because parse trees tell starts of some nodes only. Looks at tokens
 * outside of any parentheses; reserved words stand there as clauses only, except after AS and after a dot, and FROM in IS DISTINCT FROM.
 */
final class Clauses {
    enum Clause {
        FROM,
        WHERE,
        GROUP,
        HAVING,
        WINDOW,
        ORDER,
        LIMIT,
        OFFSET,
        FETCH,
        END
    }

    private static final Pattern QUANTIFIER = Pattern.compile("^(all|distinct)\\b\\s*", Pattern.CASE_INSENSITIVE);

    private final Source source;
    private final Map<Clause, Integer> starts = new EnumMap<>(Clause.class);
    private int lastEnd;
    private @Nullable List<String> sorted;
    private @Nullable List<String> grouped;

    Clauses(Source source) {
        this.source = source;
        lastEnd = source.begin();
        scan();
    }

    private void scan() {
        SqlLexer lexer = source.lexerAt(source.begin());
        int depth = 0;
        String before = "";
        String beforeThat = "";
        for (Token token = lexer.next(); token != Token.END && token != Token.SEMICOLON; token = lexer.next()) {
            String word = "";
            if (token == Token.PUNCTUATION) {
                word = source.text(source.begin() + lexer.start(), source.begin() + lexer.end());
                depth += word.equals("(") || word.equals("[") ? 1 : word.equals(")") || word.equals("]") ? -1 : 0;
            } else if (token == Token.IDENTIFIER && depth == 0) {
                word = source.text(source.begin() + lexer.start(), source.begin() + lexer.end())
                        .toUpperCase(java.util.Locale.ROOT);
                note(word, before, beforeThat, source.begin() + lexer.start());
            }
            lastEnd = source.begin() + lexer.end();
            beforeThat = before;
            before = word;
        }
        starts.put(Clause.END, lastEnd);
    }

    private void note(String word, String before, String beforeThat, int at) {
        boolean name = before.equals("AS") || before.equals(".");
        boolean comparison = before.equals("DISTINCT") && (beforeThat.equals("IS") || beforeThat.equals("NOT"));
        if (name || before.equals("WITHIN") || (word.equals("FROM") && comparison)) {
            return;
        }
        for (Clause clause : Clause.values()) {
            if (clause != Clause.END && clause.name().equals(word)) {
                starts.putIfAbsent(clause, at);
            }
        }
    }

    boolean has(Clause clause) {
        return starts.containsKey(clause);
    }

    int start(Clause clause) {
        Integer at = starts.get(clause);
        if (at == null) {
            throw Refused.shape("a SELECT in parentheses");
        }
        return at;
    }

    /** Where the statement's last token ends. */
    int end() {
        return lastEnd;
    }

    /** Where the clause after this one begins, or the statement ends. */
    int endOf(Clause clause) {
        int from = start(clause);
        return starts.values().stream()
                .filter(at -> at > from)
                .min(Integer::compare)
                .orElse(lastEnd);
    }

    /** The expressions of ORDER BY as written, without ASC, DESC, NULLS FIRST or LAST. */
    List<String> sortExpressions() {
        if (sorted == null) {
            sorted = readSortExpressions();
        }
        return sorted;
    }

    private List<String> readSortExpressions() {
        int from = start(Clause.ORDER);
        int to = endOf(Clause.ORDER);
        SqlLexer lexer = new SqlLexer();
        lexer.reset(source.sql(), from, to - from);
        lexer.next();
        lexer.next();
        return items(lexer, from);
    }

    /** The expressions of GROUP BY as written. */
    List<String> groupExpressions() {
        if (grouped == null) {
            grouped = readGroupExpressions();
        }
        return grouped;
    }

    private List<String> readGroupExpressions() {
        int from = start(Clause.GROUP);
        int to = endOf(Clause.GROUP);
        SqlLexer lexer = new SqlLexer();
        lexer.reset(source.sql(), from, to - from);
        lexer.next();
        lexer.next();
        List<String> found = items(lexer, from);
        found.set(0, QUANTIFIER.matcher(found.getFirst()).replaceFirst(""));
        return found;
    }

    /** Splits what is left at commas outside of parentheses. */
    private List<String> items(SqlLexer lexer, int base) {
        List<String> found = new ArrayList<>();
        List<int[]> tokens = new ArrayList<>();
        int depth = 0;
        for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
            byte b = token == Token.PUNCTUATION ? lexer.first() : 0;
            depth += b == '(' || b == '[' ? 1 : b == ')' || b == ']' ? -1 : 0;
            if (b == ',' && depth == 0) {
                found.add(expression(tokens));
                tokens.clear();
            } else {
                tokens.add(new int[] {base + lexer.start(), base + lexer.end()});
            }
        }
        found.add(expression(tokens));
        return found;
    }

    private String expression(List<int[]> tokens) {
        int count = tokens.size();
        if (count > 2
                && (word(tokens, count - 1).equals("FIRST")
                        || word(tokens, count - 1).equals("LAST"))
                && word(tokens, count - 2).equals("NULLS")) {
            count -= 2;
        }
        if (count > 1
                && (word(tokens, count - 1).equals("ASC")
                        || word(tokens, count - 1).equals("DESC"))) {
            count--;
        }
        return source.text(tokens.getFirst()[0], tokens.get(count - 1)[1]);
    }

    private String word(List<int[]> tokens, int index) {
        return source.text(tokens.get(index)[0], tokens.get(index)[1]).toUpperCase(java.util.Locale.ROOT);
    }
}
