package dev.pando.jmh;

import dev.pando.base.sql.ShapedSql;
import dev.pando.base.sql.Shaper;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import dev.pando.grammar.Grammar;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.ParseResult;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a statement costs before it is routed: every statement is lexed and shaped, a new shape is parsed. */
@Warmup(iterations = 3, time = 2)
public class SqlBench extends NanosecondsPerCall {
    /** Statements of three lengths. */
    public enum Text {
        POINT_QUERY("SELECT id, name, email FROM users WHERE id = 4711"),
        INSERT_10_ROWS("INSERT INTO messages (user_id, body, sent) VALUES "
                + IntStream.range(0, 10)
                        .mapToObj(i -> "(" + (1000 + i) + ", 'message number " + i + "', now())")
                        .collect(Collectors.joining(", "))),
        IN_LIST_100("SELECT * FROM users WHERE id IN ("
                + IntStream.range(0, 100).mapToObj(String::valueOf).collect(Collectors.joining(", ")) + ")");

        private final String sql;

        Text(String sql) {
            this.sql = sql;
        }
    }

    /** The statement and what reads it. */
    @State(Scope.Thread)
    public static class Reader {
        @Param
        public Text text = Text.POINT_QUERY;

        final SqlLexer lexer = new SqlLexer();
        final Shaper shaper = new Shaper();
        final Grammar grammar = new Grammar(GrammarLimits.DEFAULT);

        byte[] bytes() {
            return text.sql.getBytes(StandardCharsets.UTF_8);
        }
    }

    @Benchmark
    public int lexer(Reader reader) {
        byte[] sql = reader.bytes();
        reader.lexer.reset(sql, 0, sql.length);
        int tokens = 0;
        while (reader.lexer.next() != Token.END) {
            tokens++;
        }
        return tokens;
    }

    @Benchmark
    public ShapedSql shape(Reader reader) {
        return reader.shaper.shape(reader.bytes());
    }

    @Benchmark
    public ParseResult grammar(Reader reader) {
        return reader.grammar.parse(reader.text.sql);
    }
}
