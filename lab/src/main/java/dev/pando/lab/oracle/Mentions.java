package dev.pando.lab.oracle;

import dev.pando.base.sql.Identifier;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import dev.pando.lab.oracle.SchemaState.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The relations whose names stand in a statement. Words are compared, no grammar is asked: a column that is called like a table counts
 * too, so this serves to describe what was locked and to choose what to watch, and for nothing that has to be right.
 */
final class Mentions {
    private Mentions() {}

    /** Identifiers of relations, in the order of their first mention; a name means what it means in the first state that knows it. */
    static Set<Long> of(String sql, SchemaState... states) {
        Set<Long> found = new LinkedHashSet<>();
        for (List<String> chain : chains(sql)) {
            Arrays.stream(states)
                    .map(state -> resolve(chain, state))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .ifPresent(row -> found.add(row.oid()));
        }
        return found;
    }

    private static @Nullable Row resolve(List<String> chain, SchemaState state) {
        int last = chain.size() - 1;
        for (int name = last; name >= Math.max(1, last - 1); name--) {
            Row row = state.find(chain.get(name - 1), chain.get(name));
            if (row != null) {
                return row;
            }
        }
        return state.find(chain.getFirst());
    }

    /** Names with the names that dots join to them. */
    private static List<List<String>> chains(String sql) {
        List<List<String>> chains = new ArrayList<>();
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        SqlLexer lexer = new SqlLexer();
        lexer.reset(text, 0, text.length);
        boolean joined = false;
        for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
            String name = name(token, text, lexer);
            if (name != null && joined && !chains.isEmpty()) {
                chains.getLast().add(name);
            } else if (name != null) {
                chains.add(new ArrayList<>(List.of(name)));
            }
            joined = token == Token.PUNCTUATION && lexer.reads(".");
        }
        return chains;
    }

    private static @Nullable String name(Token token, byte[] text, SqlLexer lexer) {
        if (token == Token.IDENTIFIER) {
            return Identifier.folded(text(text, lexer.start(), lexer.end()));
        }
        if (token == Token.QUOTED_IDENTIFIER) {
            return Identifier.cut(text(text, lexer.start() + 1, lexer.end() - 1).replace("\"\"", "\""));
        }
        return null;
    }

    private static String text(byte[] text, int start, int end) {
        return new String(text, start, end - start, StandardCharsets.UTF_8);
    }
}
