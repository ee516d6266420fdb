package dev.pando.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.TemporaryServer;
import dev.pando.server.http.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwinCommandsTest {
    private static final String SECRET = "s3cr3t";
    private static final String QUERY = "SELECT * FROM orders WHERE customer = 7";

    private static TemporaryServer server;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** The part of {@code --json} that is looked at. */
    private record Answer(Side before, Side after, List<Index> indexes) {}

    private record Side(double cost, List<String> indexes) {}

    private record Index(String index, long pages) {}

    @BeforeAll
    static void start() throws SQLException {
        server = TemporaryServer.start();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id bigint PRIMARY KEY, customer int, note text)");
            statement.execute("INSERT INTO orders SELECT n, n % 1000, md5(n::text) FROM generate_series(1, 20000) n");
            statement.execute("ANALYZE orders");
            statement.execute("CREATE ROLE reader LOGIN PASSWORD '" + SECRET + "'");
            statement.execute("GRANT pg_monitor TO reader");
        }
        server.rules("host all reader 127.0.0.1/32 scram-sha-256");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aSnapshotIsExplainedWithoutTheDatabase() {
        Path file = folder.resolve("orders.snapshot");
        assertThat(run("snapshot", url("postgres"), "-o", file.toString())).isZero();
        assertThat(out.toString()).contains("statistics of 3 columns").contains("PostgreSQL 18.");

        assertThat(run(
                        "explain",
                        "--from",
                        file.toString(),
                        "--with-index",
                        "CREATE INDEX tried ON orders (customer)",
                        QUERY))
                .isZero();
        assertThat(out.toString())
                .contains("Seq Scan on orders")
                .contains("Bitmap Index Scan on tried")
                .contains("used     public.tried: about ")
                .contains(" before, ");
    }

    @Test
    void jsonHasBothSides() {
        assertThat(run(
                        "explain",
                        url("postgres"),
                        "--json",
                        "--with-index",
                        "CREATE INDEX tried ON orders (customer)",
                        QUERY))
                .isZero();
        Answer answer = Json.read(out.toString(), Answer.class);
        assertThat(answer.before().indexes()).isEmpty();
        assertThat(answer.after().indexes()).containsExactly("tried");
        assertThat(answer.after().cost()).isLessThan(answer.before().cost());
        assertThat(answer.indexes()).extracting(Index::index).containsExactly("public.tried");
    }

    @Test
    void statisticsAreMeasuredOnTheDatabase() {
        String statistics = "CREATE STATISTICS tried (dependencies) ON id, customer FROM orders";
        String query = "SELECT * FROM orders WHERE id = 7 AND customer = 7";
        assertThat(run("explain", url("postgres"), "--with-statistics", statistics, query))
                .isZero();
        assertThat(out.toString())
                .contains("measured public.tried: 20,000 of 20,000 rows of public.orders were read")
                .contains("id => customer in 100.00 % of the rows");
        String reader = url("reader:" + SECRET);
        assertThat(run("explain", reader, "--with-statistics", statistics, query))
                .isEqualTo(1);
        assertThat(err.toString()).contains("PD8206").contains("permission denied for table orders");
    }

    @Test
    void partitionsAreTried() {
        String thousands = "orders BY RANGE (id) AT (10000)";
        assertThat(run(
                        "explain",
                        url("postgres"),
                        "--with-partitioning",
                        thousands,
                        "SELECT * FROM orders WHERE id > 15000"))
                .isZero();
        assertThat(out.toString())
                .contains("reads    1 of 2 partitions of public.orders")
                .contains("public.orders_p1 FOR VALUES FROM (MINVALUE) TO ('10000'::bigint): ")
                .contains("derived: ");
        assertThat(run("explain", url("postgres"), "--with-partitioning", "orders BY LIST (customer)", QUERY))
                .isEqualTo(1);
        assertThat(err.toString()).contains("PD8207").contains("PRIMARY KEY (id) has not customer");
    }

    @Test
    void whatIsHiddenIsToldAndNoPasswordIs() {
        String url = "postgres://reader:" + SECRET + "@127.0.0.1:" + server.port() + "/postgres";
        assertThat(run("explain", url, QUERY)).isZero();
        assertThat(out.toString())
                .contains(
                        "estimated without statistics public.orders: 3 columns hidden from reader; GRANT pg_read_all_data");
        assertThat(run("explain", url, "SELECT 1")).isZero();
        assertThat(err.toString())
                .contains("not the same: statistics public.orders: ")
                .contains("GRANT pg_read_all_data TO reader");
        assertThat(run("explain", url.replace(SECRET, "wrong"), QUERY)).isEqualTo(1);
        assertThat(err.toString())
                .contains("cannot read postgres://reader@127.0.0.1:" + server.port() + "/postgres: ")
                .contains("password authentication failed")
                .contains("PD8204");
        assertThat(run("explain", "postgres://reader:" + SECRET + "@[127/postgres", QUERY))
                .isEqualTo(1);
        assertThat(out.toString() + err).doesNotContain(SECRET).doesNotContain("wrong");
    }

    @Test
    void parametersHaveTheGenericPlan() {
        String query = "SELECT * FROM orders WHERE customer = $1 AND id > $2";
        String index = "CREATE INDEX tried ON orders (customer)";
        assertThat(run("explain", url("postgres"), query)).isZero();
        assertThat(out.toString()).contains("Filter: ").contains("generic plan: for any values of $1, $2");
        out.getBuffer().setLength(0);
        assertThat(run("explain", url("postgres"), "--with-index", index, query))
                .isZero();
        assertThat(out.toString()).contains("used     public.tried").contains("generic plan: for any values of $1, $2");
        out.getBuffer().setLength(0);
        assertThat(run("explain", url("postgres"), "--json", query)).isZero();
        assertThat(out.toString()).contains("\"parameters\" : [ 1, 2 ]");
        assertThat(run("explain", url("postgres"), "EXPLAIN " + QUERY)).isEqualTo(1);
        assertThat(err.toString()).contains("without EXPLAIN");
    }

    @Test
    void aFileIsToldWithWhatIsWrong() {
        Path none = folder.resolve("none");
        assertThat(run("explain", "--from", none.toString(), QUERY)).isEqualTo(1);
        assertThat(err.toString()).contains("pando: " + none + ": No such file or directory");
        assertThat(run("snapshot", url("postgres"), "-o", none.resolve("a").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).doesNotContain(".pando-");
        assertThat(run("explain", "--from", folder.toString(), QUERY)).isEqualTo(1);
        assertThat(err.toString()).contains(folder + " is no snapshot: Is a directory");
    }

    @Test
    void anUnknownCommandHasSuggestionsOfAllLevels() {
        assertThat(run("oracle", "--help")).isEqualTo(2);
        assertThat(run("explian")).isEqualTo(2);
        assertThat(run("bench", "flet", "--help")).isEqualTo(2);
        assertThat(err.toString())
                .contains("Did you mean pando lint oracle?")
                .contains("Did you mean pando explain?")
                .contains("Did you mean pando bench fleet?");
        assertThat(out.toString()).isEmpty();
        assertThat(run("lint", "--help")).isZero();
        assertThat(out.toString()).contains("Usage: pando lint");
    }

    @Test
    void aCommandLineWithoutSourceIsWrong() {
        assertThat(run("explain", QUERY)).isEqualTo(2);
        assertThat(err.toString()).contains("give the query after either a URL or --from FILE");
        assertThat(run("twin")).isEqualTo(2);
        assertThat(run("explain", "--from", folder.resolve("none").toString(), QUERY))
                .isEqualTo(1);
    }

    @Test
    void aTwinServesUntilItIsStopped() throws InterruptedException, SQLException {
        Thread command = new Thread(() -> run("twin", url("postgres")));
        command.start();
        Matcher ready = Pattern.compile("ready postgres://postgres:(\\w+)@127.0.0.1:(\\d+)/postgres ")
                .matcher("");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> ready.reset(out.toString()).find());
        String jdbc =
                "jdbc:postgresql://127.0.0.1:" + ready.group(2) + "/postgres?user=postgres&password=" + ready.group(1);
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement()) {
            assertThat(statement.execute("EXPLAIN " + QUERY)).isTrue();
        }
        command.interrupt();
        command.join();
        assertThat(out.toString()).contains("stopped");
    }

    private static String url(String user) {
        return "postgres://" + user + "@127.0.0.1:" + server.port() + "/postgres";
    }

    private int run(String... args) {
        return Pando.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
