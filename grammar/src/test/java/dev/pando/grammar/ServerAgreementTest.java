package dev.pando.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.sql.LexProblem;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import dev.pando.lab.TemporaryServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Compares with a PostgreSQL server: the same text must get the same error. Every text ends in a lonely parenthesis, so that the server
 * always refuses it, with the error of the statement if that is wrong, and never runs anything.
 */
class ServerAgreementTest {
    private static final Grammar GRAMMAR = new Grammar(GrammarLimits.DEFAULT);
    private static TemporaryServer server;
    private static Connection connection;

    @BeforeAll
    static void start() throws SQLException {
        server = TemporaryServer.start();
        connection = DriverManager.getConnection("jdbc:postgresql://" + server.host() + ":" + server.port()
                + "/postgres?user=postgres&preferQueryMode=simple");
    }

    @AfterAll
    static void stop() throws SQLException {
        connection.close();
        server.close();
        GRAMMAR.close();
    }

    @Test
    void everyStatementOfTheCorpusIsAccepted() {
        assertThat(Corpus.ACCEPTED)
                .hasSizeGreaterThan(230)
                .allSatisfy(sql -> assertThat(GRAMMAR.parse(sql)).as(sql).isInstanceOf(ParseTree.class));
        assertThat(Corpus.ACCEPTED).allSatisfy(sql -> agrees(sql + "\n;)"));
    }

    @Test
    void refusalsAreTheServersOwn() {
        assertThat(Corpus.REFUSED).hasSizeGreaterThan(80).allSatisfy(ServerAgreementTest::agrees);
    }

    @Test
    void statementsWithATokenMissingOrTwiceAgreeToo() {
        long seed = 11L;
        var random = new Random(seed);
        List<String> broken = new ArrayList<>();
        for (String sql : Corpus.ACCEPTED) {
            for (int i = 0; i < 6; i++) {
                broken.add(damaged(sql, random) + "\n;)");
            }
        }
        assertThat(broken).as("seed " + seed).allSatisfy(ServerAgreementTest::agrees);
    }

    private static void agrees(String sql) {
        ParseResult ours = GRAMMAR.parse(sql);
        assertThat(ours).as(sql).isInstanceOf(SyntaxProblem.class);
        assertThat(ours).as(sql).isEqualTo(servers(sql));
    }

    private static SyntaxProblem servers(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
            throw new AssertionError("the server ran " + sql);
        } catch (PSQLException e) {
            ServerErrorMessage message = e.getServerErrorMessage();
            if (message == null) {
                throw new AssertionError(sql, e);
            }
            return new SyntaxProblem(
                    String.valueOf(e.getSQLState()), String.valueOf(message.getMessage()), message.getPosition());
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** libpg_query reads a parameter right before a word, as servers before 15 did; our lexer and the server refuse it. */
    @Test
    void onlyAParameterBeforeAWordIsTakenDifferently() {
        assertThat(GRAMMAR.parse("select $1a")).isInstanceOf(ParseTree.class);
        assertThat(servers("select $1a").message()).startsWith(LexProblem.PARAMETER_JUNK.message());
    }

    /** libpg_query's comments end a string; for the server, and for our lexer, it goes on after them. */
    @Test
    void onlyAStringAcrossACommentIsRefusedWithoutNeed() throws SQLException {
        String sql = "select 'a' -- comment\n'b'";
        assertThat(GRAMMAR.parse(sql)).isInstanceOf(SyntaxProblem.class);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo("ab");
        }
    }

    /** The statement without one of its tokens, or with one doubled. */
    private static String damaged(String sql, Random random) {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        var lexer = new SqlLexer();
        lexer.reset(bytes, 0, bytes.length);
        List<int[]> tokens = new ArrayList<>();
        while (lexer.next() != Token.END) {
            tokens.add(new int[] {lexer.start(), lexer.end()});
        }
        int[] chosen = tokens.get(random.nextInt(tokens.size()));
        String before = new String(bytes, 0, chosen[0], StandardCharsets.UTF_8);
        String token = new String(bytes, chosen[0], chosen[1] - chosen[0], StandardCharsets.UTF_8);
        String after = new String(bytes, chosen[1], bytes.length - chosen[1], StandardCharsets.UTF_8);
        return before + (random.nextBoolean() ? "" : token + " " + token) + after;
    }
}
