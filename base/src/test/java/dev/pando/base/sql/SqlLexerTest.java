package dev.pando.base.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SqlLexerTest {
    /** Tokens as {@code KIND:text}. */
    static List<String> tokens(String sql) {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        var lexer = new SqlLexer();
        lexer.reset(bytes, 0, bytes.length);
        List<String> found = new ArrayList<>();
        for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
            String text = new String(bytes, lexer.start(), lexer.end() - lexer.start(), StandardCharsets.UTF_8);
            found.add((token == Token.BROKEN ? String.valueOf(lexer.problem()) : token.name()) + ":" + text);
        }
        return found;
    }

    @Test
    void namesKeepEveryLetterAndDollar() {
        assertThat(tokens("Größe _a1$b a$$b \"x \"\"y\" U&\"d\\0061t\""))
                .containsExactly(
                        "IDENTIFIER:Größe",
                        "IDENTIFIER:_a1$b",
                        "IDENTIFIER:a$$b",
                        "QUOTED_IDENTIFIER:\"x \"\"y\"",
                        "UNICODE_IDENTIFIER:U&\"d\\0061t\"");
    }

    @Test
    void numbersOfEveryForm() {
        assertThat(tokens("1 1_000 0x1F 0O17 0b1_0 1. .5 1.5e-3 1e10 5.e1"))
                .containsExactly(
                        "INTEGER:1",
                        "INTEGER:1_000",
                        "INTEGER:0x1F",
                        "INTEGER:0O17",
                        "INTEGER:0b1_0",
                        "DECIMAL:1.",
                        "DECIMAL:.5",
                        "DECIMAL:1.5e-3",
                        "DECIMAL:1e10",
                        "DECIMAL:5.e1");
        assertThat(tokens("1..2")).containsExactly("INTEGER:1", "PUNCTUATION:..", "INTEGER:2");
    }

    @Test
    void junkAfterNumbersIsNamed() {
        assertThat(tokens("1a 1e 1e+ 1__0 0x 0o_ 0b2 0x1g 1.5x $1a"))
                .containsExactly(
                        "NUMBER_JUNK:1a",
                        "NUMBER_JUNK:1e",
                        "NUMBER_JUNK:1e+",
                        "NUMBER_JUNK:1__0",
                        "INVALID_HEX:0x",
                        "INVALID_OCTAL:0o_",
                        "NUMBER_JUNK:0b2",
                        "NUMBER_JUNK:0x1g",
                        "NUMBER_JUNK:1.5x",
                        "PARAMETER_JUNK:$1a");
    }

    @Test
    void aDollarIsJunkWhereTheLongestMatchIsADigitAndAWord() {
        assertThat(tokens("1_0$1 1.5_0$ 1e+5_0$x 1e5$ 1_0e5$"))
                .containsExactly(
                        "NUMBER_JUNK:1_0$1",
                        "NUMBER_JUNK:1.5_0$",
                        "NUMBER_JUNK:1e+5_0$x",
                        "NUMBER_JUNK:1e5$",
                        "NUMBER_JUNK:1_0e5$");
        assertThat(tokens("10$1 1_0.$1 1_0.5$1 1e+5$1"))
                .containsExactly(
                        "INTEGER:10",
                        "PARAMETER:$1",
                        "DECIMAL:1_0.",
                        "PARAMETER:$1",
                        "DECIMAL:1_0.5",
                        "PARAMETER:$1",
                        "DECIMAL:1e+5",
                        "PARAMETER:$1");
    }

    @Test
    void bitAndHexadecimalStringsHaveNoDoubledQuotes() {
        assertThat(tokens("B'01''x' x'f'''"))
                .containsExactly("BIT_STRING:B'01'", "STRING:'x'", "HEX_STRING:x'f'", "STRING:''");
        assertThat(tokens("b'0'\n'1'")).containsExactly("BIT_STRING:b'0'\n'1'");
    }

    @Test
    void stringsOfEveryForm() {
        assertThat(tokens("'it''s' E'a\\'b' u&'x' b'01' X'fF' N'n' $$a'b$$ $t$ $$ $t$ '\\'"))
                .containsExactly(
                        "STRING:'it''s'",
                        "ESCAPE_STRING:E'a\\'b'",
                        "UNICODE_STRING:u&'x'",
                        "BIT_STRING:b'01'",
                        "HEX_STRING:X'fF'",
                        "NATIONAL:N",
                        "STRING:'n'",
                        "DOLLAR_STRING:$$a'b$$",
                        "DOLLAR_STRING:$t$ $$ $t$",
                        "STRING:'\\'");
    }

    @Test
    void stringsGoOnAfterANewlineOnly() {
        assertThat(tokens("'a'\n 'b' 'c'")).containsExactly("STRING:'a'\n 'b'", "STRING:'c'");
        assertThat(tokens("'a' -- x\n--y\n'b'")).containsExactly("STRING:'a' -- x\n--y\n'b'");
        assertThat(tokens("'a' /* x */\n'b'")).containsExactly("STRING:'a'", "STRING:'b'");
    }

    @Test
    void operatorsStopAtCommentsAndShedSigns() {
        assertThat(tokens("a=-1")).containsExactly("IDENTIFIER:a", "OPERATOR:=", "OPERATOR:-", "INTEGER:1");
        assertThat(tokens("a@-1")).containsExactly("IDENTIFIER:a", "OPERATOR:@-", "INTEGER:1");
        assertThat(tokens("a*/* x */b")).containsExactly("IDENTIFIER:a", "OPERATOR:*", "IDENTIFIER:b");
        assertThat(tokens("a+--x\nb")).containsExactly("IDENTIFIER:a", "OPERATOR:+", "IDENTIFIER:b");
        assertThat(tokens("a::int x=>1 y:=2 z->>'k' b?'c'"))
                .containsExactly(
                        "IDENTIFIER:a",
                        "CAST:::",
                        "IDENTIFIER:int",
                        "IDENTIFIER:x",
                        "OPERATOR:=>",
                        "INTEGER:1",
                        "IDENTIFIER:y",
                        "PUNCTUATION::=",
                        "INTEGER:2",
                        "IDENTIFIER:z",
                        "OPERATOR:->>",
                        "STRING:'k'",
                        "IDENTIFIER:b",
                        "OPERATOR:?",
                        "STRING:'c'");
    }

    @Test
    void commentsNest() {
        assertThat(tokens("/* a /* b */ c */ x /**/ y -- z")).containsExactly("IDENTIFIER:x", "IDENTIFIER:y");
        assertThat(tokens("x /* /* */")).containsExactly("IDENTIFIER:x", "UNTERMINATED_COMMENT:/* /* */");
    }

    @Test
    void whatHasNoEndIsNamed() {
        assertThat(tokens("'a")).containsExactly("UNTERMINATED_STRING:'a");
        assertThat(tokens("E'a\\")).containsExactly("UNTERMINATED_STRING:E'a\\");
        assertThat(tokens("\"a")).containsExactly("UNTERMINATED_IDENTIFIER:\"a");
        assertThat(tokens("\"\" a")).containsExactly("EMPTY_IDENTIFIER:\"\"", "IDENTIFIER:a");
        assertThat(tokens("B'0")).containsExactly("UNTERMINATED_BIT_STRING:B'0");
        assertThat(tokens("x'0")).containsExactly("UNTERMINATED_HEX_STRING:x'0");
        assertThat(tokens("$a$ $b$")).containsExactly("UNTERMINATED_DOLLAR_STRING:$a$ $b$");
        assertThat(tokens("/*")).containsExactly("UNTERMINATED_COMMENT:/*");
        assertThat(tokens("$ {")).containsExactly("UNKNOWN:$", "UNKNOWN:{");
    }

    @Test
    void tokensAndGapsCoverEveryByteOfAnySoup() {
        long seed = 20261121L;
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] soup = SqlSoup.bytes(random);
            covers(soup, 0, soup.length, "seed " + seed + " round " + round);
        }
    }

    @Test
    void readsWithinItsBoundsOnly() {
        byte[] bytes = "xx'a'b'yy".getBytes(StandardCharsets.UTF_8);
        var lexer = new SqlLexer();
        lexer.reset(bytes, 2, 3);
        assertThat(lexer.next()).isEqualTo(Token.STRING);
        assertThat(lexer.start()).isZero();
        assertThat(lexer.end()).isEqualTo(3);
        assertThat(lexer.next()).isEqualTo(Token.END);
    }

    private static void covers(byte[] bytes, int offset, int length, String which) {
        var lexer = new SqlLexer();
        lexer.reset(bytes, offset, length);
        int covered = 0;
        for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
            assertThat(lexer.start()).as(which).isGreaterThanOrEqualTo(covered);
            assertThat(lexer.end()).as(which).isGreaterThan(lexer.start()).isLessThanOrEqualTo(length);
            gap(bytes, offset + covered, lexer.start() - covered, which);
            covered = lexer.end();
        }
        assertThat(lexer.start()).as(which).isEqualTo(length);
        gap(bytes, offset + covered, length - covered, which);
    }

    /** A gap holds nothing but white space and whole comments. */
    private static void gap(byte[] bytes, int offset, int length, String which) {
        var text = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        String left = text;
        for (String before = ""; !before.equals(left); ) {
            before = left;
            left = left.replaceAll("--[^\\n\\r]*", " ").replaceAll("(?s)/\\*((?!/\\*|\\*/).)*\\*/", " ");
        }
        boolean comment = text.contains("--") || text.contains("/*");
        if (!comment) {
            assertThat(left.replaceAll("[ \\t\\n\\r\\f\\u000b]", "")).as(which).isEmpty();
        }
    }
}
