package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pando.base.auth.ScramVerifier;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.server.PandoServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers of {@code auth.query} of every kind, and how long the old password is good for after a change. */
class AuthQueryTest {
    private static final String QUERY = """
            SELECT name, secret FROM public.answers,
            LATERAL (SELECT CASE WHEN name = 'sleepy' THEN pg_sleep(60)::text END) nap WHERE asked = $1""";

    @TempDir
    private Path folder;

    @BeforeAll
    static void answers() throws SQLException {
        try (Connection server = Running.servers(1).getFirst().connect("app")) {
            Sql.run(server, "CREATE TABLE public.answers (asked text, name text, secret text)");
            Sql.run(server, "GRANT SELECT ON public.answers TO app");
        }
    }

    private static void answer(String asked, String name, String secret) throws SQLException {
        onServer("INSERT INTO public.answers VALUES (" + asked + ", " + name + ", " + secret + ")");
    }

    private static void onServer(String sql) throws SQLException {
        try (Connection server = Running.servers(1).getFirst().connect("app")) {
            Sql.run(server, sql);
        }
    }

    private static Running pando(String query, String cache) throws SQLException {
        return Running.plain("""
                [auth]
                user = "app"
                password = "app"
                query = "%s"
                cache = "%s"
                failure_delay = "0s"
                [[databases]]
                name = "app"
                servers = ["127.0.0.1:%d"]
                """.formatted(
                query.replace("\n", " "), cache, Running.servers(1).getFirst().port()));
    }

    private static String user(Running pando, String name, String password) throws SQLException {
        try (Connection client = login(pando.port(), "app", name, password)) {
            return String.valueOf(Sql.value(client, "SELECT current_user"));
        }
    }

    private static Connection login(int port, String database, String name, String password) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", name);
        login.setProperty("password", password);
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, login);
    }

    private static void refused(Running pando, String name, String password, String state) {
        assertThatThrownBy(() -> user(pando, name, password))
                .as(name)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(state));
    }

    @Test
    void answersThatAreNotOneUserWithASecretLetNobodyIn() throws Exception {
        answer("'nameless'", "NULL", "'pw'");
        answer("'secretless'", "'secretless'", "NULL");
        answer("'empty'", "'empty'", "''");
        answer("'somebody'", "'else'", "'pw'");
        onServer("CREATE ROLE twice LOGIN");
        answer("'twice'", "'twice'", "'pw'");
        answer("'twice'", "'twice'", "'other'");
        answer("'odd'", "'odd'", "'SCRAM-SHA-256$0:c2FsdA==$AA==:AA=='");
        try (Running pando = pando(QUERY, "1h")) {
            for (String name : List.of("nameless", "secretless", "empty", "somebody", "nobody", "else")) {
                refused(pando, name, "pw", "28P01");
            }
            refused(pando, "twice", "pw", "08006");
            assertThatThrownBy(() -> user(pando, "odd", "pw")).isInstanceOf(SQLException.class);
        }
        for (String wrong : List.of(
                "SELECT $1::text", "SELECT $1::text, 1/0", "SELECT $1, 'x' FOR", "DELETE FROM none WHERE x = $1")) {
            try (Running pando = pando(wrong, "1h")) {
                refused(pando, "anybody", "pw", "08006");
                assertThat(user(pando, "other", "other")).as("who is in a list").isEqualTo("other");
            }
        }
    }

    @Test
    void namesAreValuesWhateverTheyLookLike() throws Exception {
        for (String name : List.of("o'brien", "say \"hi\"", "back\\slash", "$1", "?", "über", "; DROP TABLE x; --")) {
            onServer("CREATE ROLE " + Quote.identifier(name) + " LOGIN PASSWORD 'pw'");
            answer(Quote.literal(name), Quote.literal(name), "'pw'");
        }
        try (Running pando = pando(QUERY, "1h")) {
            for (String name :
                    List.of("o'brien", "say \"hi\"", "back\\slash", "$1", "?", "über", "; DROP TABLE x; --")) {
                assertThat(user(pando, name, "pw")).isEqualTo(name);
                refused(pando, name, "wrong", "28P01");
            }
            // Cut where the server would cut it.
            refused(pando, "n".repeat(9_000), "pw", "28P01");
            assertThatThrownBy(() -> user(pando, "n".repeat(11_000), "pw")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void verifiersOfAnyNumberOfRoundsServe() throws Exception {
        for (int rounds : List.of(1, 4_095, 50_000)) {
            String name = "rounds" + rounds;
            byte[] salt = "salt".getBytes(StandardCharsets.US_ASCII);
            String verifier = ScramVerifier.derive("pw", salt, rounds).text();
            onServer("CREATE ROLE " + name + " LOGIN PASSWORD '" + verifier + "'");
            answer("'" + name + "'", "'" + name + "'", "'" + verifier + "'");
        }
        try (Running pando = pando(QUERY, "1h")) {
            for (int rounds : List.of(1, 4_095, 50_000)) {
                assertThat(user(pando, "rounds" + rounds, "pw")).isEqualTo("rounds" + rounds);
                refused(pando, "rounds" + rounds, "wrong", "28P01");
            }
        }
    }

    @Test
    void aQueryThatHangsEndsAndHoldsUpNobodyElse() throws Exception {
        onServer("CREATE ROLE awake LOGIN PASSWORD 'pw'");
        answer("'awake'", "'awake'", "'pw'");
        answer("'sleepy'", "'sleepy'", "'pw'");
        try (Running pando = pando(QUERY, "1h")) {
            CompletableFuture<Void> sleepy = CompletableFuture.runAsync(() -> refused(pando, "sleepy", "pw", "08006"));
            await().until(() -> napping() == 1);
            assertThat(user(pando, "awake", "pw")).isEqualTo("awake");
            assertThat(sleepy).as("it still waits").isNotDone();
            sleepy.get(30, TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(10)).until(() -> napping() == 0);
        }
    }

    private static int napping() throws SQLException {
        try (Connection server = Running.servers(1).getFirst().connect("app")) {
            return Integer.parseInt(String.valueOf(Sql.value(server, """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE state = 'active' AND wait_event = 'PgSleep' AND query LIKE '%nap%'""")));
        }
    }

    @Test
    void theOldPasswordIsGoodForNoLongerThanTheCache() throws Exception {
        onServer("CREATE ROLE moved LOGIN PASSWORD 'old'");
        onServer(
                "CREATE FUNCTION public.secret_of(name text) RETURNS TABLE (n text, s text) LANGUAGE sql SECURITY DEFINER"
                        + " AS $$ SELECT rolname, CASE WHEN rolvaliduntil < now() THEN NULL ELSE rolpassword END"
                        + " FROM pg_authid WHERE rolname = $1 $$");
        try (Running pando = pando("SELECT * FROM public.secret_of($1)", "2s")) {
            assertThat(user(pando, "moved", "old")).isEqualTo("moved");
            Duration seen = Duration.ofSeconds(10);
            // Past Pando; through it it is the same statement.
            onServer("ALTER ROLE moved PASSWORD 'new'");
            await().atMost(seen).untilAsserted(() -> refused(pando, "moved", "old", "28P01"));
            assertThat(user(pando, "moved", "new")).isEqualTo("moved");
            onServer("ALTER ROLE moved VALID UNTIL '2001-01-01'");
            await().atMost(seen).untilAsserted(() -> refused(pando, "moved", "new", "28P01"));
            onServer("ALTER ROLE moved VALID UNTIL 'infinity'");
            await().atMost(seen)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(user(pando, "moved", "new")).isEqualTo("moved"));
            onServer("ALTER ROLE moved PASSWORD NULL");
            await().atMost(seen).untilAsserted(() -> refused(pando, "moved", "new", "28P01"));
        }
    }

    /** JDBC has no unix sockets. */
    @Test
    void aServerAtAUnixSocketIsRefusedWhereItWouldBeAskedForUsers() throws Exception {
        String local = "[[databases]]\nname = \"local\"\nservers = [\"" + folder + ":5432\"]\n";
        String remote = "[[databases]]\nname = \"app\"\nservers = [\"127.0.0.1:"
                + Running.servers(1).getFirst().port() + "\"]\n";
        String auth = "[auth]\nuser = \"app\"\npassword = \"app\"\n";
        String query = "query = \"" + QUERY.replace("\n", " ") + "\"\n";
        assertThatThrownBy(() -> Running.plain(auth + query + local + remote))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("the server of database \"local\" is a unix socket")
                .hasMessageContaining("PD7001");
        onServer("CREATE ROLE beside LOGIN PASSWORD 'pw'");
        answer("'beside'", "'beside'", "'pw'");
        try (Running pando = Running.plain(auth + query + "database = \"app\"\n" + local + remote)) {
            assertThat(user(pando, "beside", "pw")).isEqualTo("beside");
        }
    }

    @Test
    void rulesWhoseIncludedFileIsGoneStayAsTheyWere() throws Exception {
        Path more = Files.writeString(folder.resolve("more.conf"), "host all all all scram-sha-256\n");
        Path rules = Files.writeString(folder.resolve("hba.conf"), "include more.conf\n");
        String settings = "[listen]\nport = 0\n[auth]\nhba_file = \"" + rules + "\"\n[[databases]]\nname = \"app\"\n"
                + "servers = [\"127.0.0.1:" + Running.servers(1).getFirst().port() + "\"]\n";
        Supplier<PandoConfig> file = () -> Running.config(List.of(), settings);
        try (PandoServer pando = PandoServer.start(new LiveConfig(file.get(), file));
                Connection admin = login(pando.port(), "pando", "app", "app")) {
            Files.delete(more);
            assertThatThrownBy(() -> Sql.run(admin, "RELOAD")).hasMessageContaining("more.conf");
            try (Connection client = login(pando.port(), "app", "other", "other")) {
                assertThat(Sql.value(client, "SELECT current_user")).isEqualTo("other");
            }
        }
    }
}
