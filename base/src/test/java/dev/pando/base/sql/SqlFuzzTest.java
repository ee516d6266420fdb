package dev.pando.base.sql;

import static dev.pando.base.Fuzzing.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.base.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Statements as they come from clients, whatever their bytes. docs/fuzzing.md tells how to look for more. */
class SqlFuzzTest {
    private final SqlLexer lexer = new SqlLexer();
    private final SqlLexer gaps = new SqlLexer();
    private final Shaper shaper = new Shaper();

    private record Lexeme(Token token, int start, int end) {}

    /** Tokens and gaps (white space, comments) cover the text exactly, in order, and what stands around the text does not matter. */
    @FuzzTest
    void tokens(byte[] input) {
        List<Lexeme> tokens = tokens(input, 0, input.length);
        int done = 0;
        for (Lexeme lexeme : tokens) {
            check(lexeme.start >= done && lexeme.end <= input.length, lexeme + " after " + done);
            check((lexeme.end > lexeme.start) == (lexeme.token != Token.END), lexeme + " has no bytes");
            gaps.reset(input, done, lexeme.start - done);
            check(gaps.next() == Token.END, "no gap before " + lexeme);
            boolean gap = lexeme.start == done || " \t\n\r\f\u000b-/".indexOf(input[done]) >= 0;
            check(gap, "no space and no comment before " + lexeme);
            done = lexeme.end;
        }
        check(done == input.length, "the last token ends at " + done + " of " + input.length);
        byte[] around = new byte[input.length + 4];
        Arrays.fill(around, (byte) '\'');
        System.arraycopy(input, 0, around, 2, input.length);
        check(tokens(around, 2, input.length).equals(tokens), "quotes around the text change its tokens");
    }

    private List<Lexeme> tokens(byte[] sql, int offset, int length) {
        List<Lexeme> tokens = new ArrayList<>();
        lexer.reset(sql, offset, length);
        Token token;
        do {
            token = lexer.next();
            tokens.add(new Lexeme(token, lexer.start(), lexer.end()));
            check((token == Token.BROKEN) == (lexer.problem() != null), token + " with problem " + lexer.problem());
            check(tokens.size() <= length + 1, "more tokens than bytes");
        } while (token != Token.END);
        return tokens;
    }

    /** A shape is its own shape; literals lie in order inside the text, are found by their places, and have a value or none. */
    @FuzzTest
    void shapes(byte[] input) {
        ShapedSql shaped = Objects.requireNonNull(Fuzzing.decoded(input.length, Set.of(), () -> shaper.shape(input)));
        String once = shaped.shape().toString();
        if (once.indexOf('\ufffd') < 0) {
            String twice =
                    shaper.shape(once.getBytes(StandardCharsets.UTF_8)).shape().toString();
            check(twice.equals(once), "the shape of " + once + " is " + twice);
        }
        int done = 0;
        int literals = 0;
        for (int slot = 0; slot < shaped.slots(); slot++) {
            List<Literal> found = shaped.slot(slot);
            check(!found.isEmpty() && found.getFirst().equals(shaped.first(slot)), "slot " + slot + " has " + found);
            for (Literal literal : found) {
                check(
                        literal.start() >= done && literal.end() > literal.start() && literal.end() <= input.length,
                        literal + " after " + done);
                check(
                        shaped.slotAt(literal.start()) == slot && shaped.slotAt(literal.end() - 1) == slot,
                        literal + " is not found in slot " + slot);
                value(shaped, literal, input);
                done = literal.end();
            }
            literals += found.size();
        }
        check(literals == shaped.literals(), literals + " literals of " + shaped.literals());
    }

    /** A value that PostgreSQL would read, given back to it quoted, is that value. */
    private void value(ShapedSql shaped, Literal literal, byte[] input) {
        String value = Fuzzing.decoded(input.length, Set.of(), () -> String.valueOf(shaped.value(literal)));
        if (value == null
                || shaped.value(literal) == null
                || literal.kind().placeholder().startsWith("0")) {
            return;
        }
        String quoted = "'" + value.replace("'", "''") + "'";
        ShapedSql again = new Shaper().shape(quoted.getBytes(StandardCharsets.UTF_8));
        check(again.slots() == 1 && value.equals(again.value(again.first(0))), literal + " is " + value);
    }
}
