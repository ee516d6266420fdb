package dev.pando.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.sql.LexProblem;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares the tokens of {@link SqlLexer} with those of PostgreSQL's own lexer, which libpg_query holds too. */
class LexerAgreementTest {
    /** The tokens' texts come with control characters as they are. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .build();

    private static final String[] PIECES = {
        "select",
        "in",
        "(",
        ")",
        ",",
        ";",
        "1",
        "1.5",
        "0x1F",
        "0x",
        "0b1",
        "0o8",
        "1e5",
        "1e",
        "1e+",
        "1_0",
        "1.5_0",
        "1e+5_0",
        "0x1_F",
        "1__0",
        "'a'",
        "''",
        "E'\\n'",
        "E'\\'",
        "$$x$$",
        "$a$",
        "$$",
        "U&'\\0061'",
        "uescape",
        "'!'",
        "U&\"x\"",
        "\"q\"",
        "\"\"",
        "B'01'",
        "x'1f'",
        "N'x'",
        "$1",
        "$1a",
        "--",
        "\n",
        "/*",
        "*/",
        " ",
        "\t",
        "::",
        ":=",
        ":",
        "..",
        ".",
        "=>",
        "-",
        "+",
        "*",
        "@-",
        "<>",
        "[",
        "]",
        "ä",
        "{",
        "\\",
        "\"",
        "'",
        "$",
        "_",
        "e",
        "?|",
        "\u000b",
        "\f",
        "\r",
        "!=",
        "<=",
        "/",
        "|",
        "~",
        "U&",
        "n",
        "b",
        "x",
        "a$b",
        "0",
        "9",
        "E"
    };

    private final LibpgQuery postgres = new LibpgQuery(GrammarLimits.DEFAULT.memoryBytes());

    /** Where tokens lie, up to the first that is refused, and why that is. */
    private record Tokens(List<String> places, @Nullable LexProblem problem) {
        boolean covers(int at) {
            return places.stream()
                    .map(place -> place.split("-", -1))
                    .anyMatch(place -> Integer.parseInt(place[0]) < at && at < Integer.parseInt(place[1]));
        }
    }

    @Test
    void tokensOfTheCorpusAreTheSame() {
        assertThat(Corpus.ACCEPTED).allSatisfy(sql -> {
            assertThat(ours(sql).problem()).isNull();
            agrees(sql);
        });
        assertThat(Corpus.REFUSED).allSatisfy(this::agrees);
    }

    @Test
    void tokensOfAnySoupAreTheSame() {
        long seed = Long.getLong("pando.seed", 42L);
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 30_000; round++) {
            var soup = new StringBuilder();
            int pieces = 1 + random.nextInt(8);
            for (int i = 0; i < pieces; i++) {
                soup.append(PIECES[random.nextInt(PIECES.length)]);
            }
            agrees(soup.toString());
        }
    }

    private void agrees(String sql) {
        Tokens ours = ours(sql);
        if (ours.problem() == LexProblem.PARAMETER_JUNK) {
            return; // ServerAgreementTest tells why
        }
        String theirs = postgres.scan(sql.getBytes(StandardCharsets.UTF_8));
        if (!theirs.startsWith("{")) {
            LexProblem problem = ours.problem();
            if (problem == null || ofDecoding(theirs)) {
                // What only decoding a literal finds out, before anything after it is seen; LiteralText refuses it.
                assertThat(ofDecoding(theirs)).as(sql + ": " + theirs).isTrue();
            } else {
                assertThat(theirs).as(sql).contains(problem.message());
            }
            return;
        }
        assertThat(ours.problem()).as(sql).isNull();
        List<String> places = new ArrayList<>();
        for (JsonNode token : JSON.readTree(theirs).path("tokens")) {
            int start = token.path("start").asInt();
            if (!token.path("tokenName").asString().endsWith("COMMENT")) {
                places.add(start + "-" + token.path("end").asInt());
            } else if (ours.covers(start)) {
                return; // a string that goes on after a comment; ServerAgreementTest tells why
            }
        }
        assertThat(ours.places()).as(sql).isEqualTo(places);
    }

    private static boolean ofDecoding(String error) {
        return error.contains("Unicode escape")
                || error.contains("Unicode surrogate")
                || error.contains("invalid byte sequence");
    }

    private static Tokens ours(String sql) {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        var lexer = new SqlLexer();
        lexer.reset(bytes, 0, bytes.length);
        List<String> places = new ArrayList<>();
        for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
            if (token == Token.BROKEN) {
                return new Tokens(places, lexer.problem());
            }
            places.add(lexer.start() + "-" + lexer.end());
        }
        return new Tokens(places, null);
    }
}
