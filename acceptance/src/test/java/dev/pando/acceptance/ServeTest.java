package dev.pando.acceptance;

import static dev.pando.acceptance.Jdbc.execute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Fleet;
import dev.pando.lab.FleetOptions;
import dev.pando.lab.FleetServer;
import dev.pando.testkit.PlainPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pando serve} as a process of its own, in front of servers that somebody else started, by files as a user writes them. */
class ServeTest {
    private static final int SHARDS = 2;

    /** Within which a node hears what another has declared. */
    private static final Duration NEWS = Duration.ofSeconds(20);

    @TempDir
    private static Path fleetFolder;

    private static Fleet fleet;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServers() {
        fleet = Fleet.open(FleetOptions.of(fleetFolder.resolve("fleet"))
                .shards(SHARDS)
                .replicas(1)
                .settings(Map.of("shared_buffers", "16MB", "fsync", "off", "full_page_writes", "off")));
    }

    @AfterAll
    static void stopServers() {
        fleet.close();
    }

    @Test
    void oneServerAndNoShardedTableIsAPlainPooler() throws Exception {
        Programs.need("psql");
        Programs.need("pgbench");
        int most = 4;
        try (PlainPostgres server = PlainPostgres.start();
                PandoProcess pando = PandoProcess.serve(config("one.toml", """
                        [listen]
                        port = 0
                        [http]
                        enabled = false
                        [control]
                        password = "the server trusts everybody"
                        [pool]
                        size = %d
                        [[users]]
                        name = "app"
                        password = "app"
                        [[shards]]
                        name = "only"
                        primary = "127.0.0.1:%d"
                        """.formatted(most, server.port())))) {
            Programs.Ended made = pgbench(pando, "-i", "-s", "1", "-q");
            assertThat(made.exitCode()).as(made.output()).isZero();
            // One thread per client where pgbench waits for Parse, holding up the transactions of its other clients.
            Programs.Ended run = pgbench(pando, "-n", "-c", "24", "-j", "24", "-t", "5", "-M", "prepared");
            assertThat(run.output()).contains("120/120");
            run = pgbench(pando, "-n", "-c", "24", "-t", "5", "-M", "extended");
            assertThat(run.output()).contains("120/120");
            Programs.Ended psql = psql("app", pando, "\\dt", "SELECT count(*) FROM pgbench_history");
            assertThat(psql.output()).contains("pgbench_accounts", "240");
            assertThat(eachOfManyKeepsItsSettings(pando, 30)).isEqualTo(30);
            try (Connection direct = server.connect()) {
                assertThat(number(direct, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'"))
                        .isBetween(2L, most + 1L);
            }
            pando.terminate();
            assertThat(pando.exitCode()).as(pando.output()).isZero();
            try (Connection direct = server.connect()) {
                assertThat(direct.isValid(5)).isTrue();
            }
        }
    }

    /** Clients that are all connected at once; each asks twice for what it set. */
    private static int eachOfManyKeepsItsSettings(PandoProcess pando, int clients) throws SQLException {
        List<Connection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                Connection connection = pando.connect();
                connections.add(connection);
                execute(connection, "SET application_name = 'client " + i + "'");
            }
            int kept = 0;
            for (int i = 0; i < clients; i++) {
                String name = text(connections.get(i), "SELECT current_setting('application_name')");
                kept += name.equals("client " + i) ? 1 : 0;
            }
            return kept;
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    @Test
    void tablesOfTheConfigurationAreShardedOverServersWithStandbys() throws Exception {
        Path file = config("shop.toml", fleetConfig() + """
                [[tables]]
                name = "shop.users"
                key = "id"
                [[tables]]
                name = "shop.messages"
                key = "user_id"
                colocate_with = "shop.users"
                [[tables]]
                name = "shop.countries"
                reference = true
                """);
        try (PandoProcess pando = PandoProcess.serve(file)) {
            try (Connection connection = pando.connect()) {
                execute(
                        connection,
                        "CREATE SCHEMA shop",
                        "CREATE TABLE shop.users (id int PRIMARY KEY, country text)",
                        "CREATE TABLE shop.messages (user_id int NOT NULL, n int, PRIMARY KEY (user_id, n))",
                        "CREATE TABLE shop.countries (code text PRIMARY KEY)",
                        "INSERT INTO shop.countries VALUES ('de'), ('fr')",
                        "INSERT INTO shop.users VALUES " + values("(%1$d, 'de')", 100),
                        "INSERT INTO shop.messages VALUES " + values("(%1$d, 1), (%1$d, 2)", 100));
                assertThat(onShards("SELECT count(*) FROM shop.users"))
                        .allSatisfy(count -> assertThat(count).isPositive())
                        .satisfies(counts -> assertThat(
                                        counts.stream().mapToLong(n -> n).sum())
                                .isEqualTo(100));
                assertThat(onShards("SELECT count(*) FROM shop.countries")).containsOnly(2L);
                assertThat(onShards("SELECT count(*) FROM shop.messages m JOIN shop.users u ON u.id = m.user_id"))
                        .satisfies(counts -> assertThat(
                                        counts.stream().mapToLong(n -> n).sum())
                                .isEqualTo(200));
                String admin = psql("pando", pando, "SHOW SHARDS").output();
                assertThat(admin).contains("first", "second", "replica", replica(0), replica(1));
                pando.terminate();
                // It waits for its clients.
                execute(connection, "SELECT count(*) FROM shop.users");
            }
            assertThat(pando.exitCode()).as(pando.output()).isZero();
        }
        assertRefused(swapped(fleetConfig()), "[[shards]] are in another order");
        try (PandoProcess again = PandoProcess.serve(file);
                Connection connection = again.connect()) {
            String join = "SELECT count(*) FROM shop.messages m JOIN shop.users u ON u.id = m.user_id"
                    + " JOIN shop.countries c ON c.code = u.country";
            assertThat(number(connection, join)).isEqualTo(200);
            execute(connection, "DROP SCHEMA shop CASCADE");
        }
    }

    @Test
    void whatOneNodeDeclaresTheOtherRoutesBy() throws Exception {
        Path file = config("node.toml", fleetConfig());
        try (PandoProcess one = PandoProcess.serve(file);
                PandoProcess other = PandoProcess.serve(file);
                Connection first = one.connect();
                Connection second = other.connect()) {
            execute(first, "CREATE TABLE things (id int PRIMARY KEY, n int NOT NULL)");
            execute(first, "SELECT pando.distribute('things', 'id')");
            Awaitility.await()
                    .atMost(NEWS)
                    .until(() ->
                            text(second, "EXPLAIN (PANDO) SELECT * FROM things").startsWith("2 shards"));
            execute(second, "INSERT INTO things VALUES " + values("(%d, 0)", 40));
            assertThat(onShards("SELECT count(*) FROM things"))
                    .allSatisfy(count -> assertThat(count).isPositive());
            for (Connection node : List.of(first, second, first, second)) {
                node.setAutoCommit(false);
                execute(node, "UPDATE things SET n = n + 1");
                node.commit();
                node.setAutoCommit(true);
            }
            assertThat(number(first, "SELECT sum(n) FROM things")).isEqualTo(160);
            execute(second, "DROP TABLE things");
            Awaitility.await().atMost(NEWS).until(() -> !succeeds(first, "SELECT * FROM things WHERE id = 1"));
        }
    }

    @Test
    void aTypingErrorIsToldWithItsPlace() throws Exception {
        assertRefused(fleetConfig().replace("[pool]\nsize", "[pool]\nsizes"), "pool.sizes: unknown key", "\"size\"");
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        String second = "127.0.0.1:" + fleet.shards().get(1).primary().port();
        assertRefused(fleetConfig().replace(second, "127.0.0.1:" + nobody), "PD5001", "127.0.0.1:" + nobody);
    }

    @Test
    void aWrongPasswordIsNamed() throws Exception {
        String password = "password = \"" + fleet.superuser().password() + "\"";
        assertRefused(
                fleetConfig().replace(password, "password = \"wrong\""),
                "PD5001",
                "password authentication failed for user \"" + fleet.superuser().user() + "\"");
    }

    /** It says why in one line, ends with 1, and has changed nothing on any server. */
    private void assertRefused(String text, String... words) throws Exception {
        List<String> before = relations();
        try (PandoProcess pando = PandoProcess.serve(config("wrong.toml", text))) {
            assertThat(pando.exitCode()).isEqualTo(1);
            assertThat(pando.output().strip()).contains(words).hasLineCount(1);
        }
        assertThat(relations()).isEqualTo(before);
    }

    private static List<String> relations() throws SQLException {
        List<String> all = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            try (Connection direct = direct(shard)) {
                all.add(text(direct, "SELECT string_agg(relname || ' ' || xmin, ',' ORDER BY oid) FROM pg_class"));
            }
        }
        return all;
    }

    @Test
    void anotherNodeFinishesWhatAKilledOneLeftPrepared() throws Exception {
        Path file = config("node.toml", fleetConfig());
        try (PandoProcess survivor = PandoProcess.serve(file);
                Connection connection = survivor.connect()) {
            Transfers.createAccounts(connection);
            try (Transfers load = Transfers.start(survivor::connect, 2)) {
                load.awaitProgress();
                Set<String> left = killBetweenPrepareAndDecision(file);
                Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> Collections.disjoint(prepared(), left));
                load.awaitProgress();
                assertThat(load.failures()).isEmpty();
            }
            // The victim may have prepared more before it died.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> prepared().isEmpty());
            assertThat(number(connection, "SELECT sum(balance) FROM accounts"))
                    .isEqualTo(Transfers.ACCOUNTS * Transfers.BALANCE);
        }
    }

    /** What is prepared when a node is killed in the middle of its work, no transaction having got further than that. */
    private static Set<String> killBetweenPrepareAndDecision(Path file) throws Exception {
        try (PandoProcess victim = PandoProcess.serve(file);
                Transfers load = Transfers.start(victim::connect, 8);
                Connection home = direct(0)) {
            load.awaitProgress();
            home.setAutoCommit(false);
            execute(home, "LOCK TABLE pando.transaction_decision IN EXCLUSIVE MODE");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> prepared().size() >= 3);
            Set<String> left = prepared();
            victim.kill();
            home.rollback();
            return left;
        }
    }

    private static Set<String> prepared() throws SQLException {
        Set<String> all = new HashSet<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            try (Connection direct = direct(shard);
                    Statement statement = direct.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT gid FROM pg_prepared_xacts")) {
                while (rows.next()) {
                    all.add(rows.getString(1));
                }
            }
        }
        return all;
    }

    /** Two shards, as their owner would write it. */
    private static String fleetConfig() {
        StringBuilder text = new StringBuilder(
                """
                [listen]
                port = 0
                [http]
                enabled = false
                [pool]
                size = 10
                [control]
                user = "%s"
                password = "%s"
                [[users]]
                name = "app"
                password = "app"
                """.formatted(fleet.superuser().user(), fleet.superuser().password()));
        List<String> names = List.of("first", "second");
        for (int shard = 0; shard < SHARDS; shard++) {
            text.append("[[shards]]\nname = \"").append(names.get(shard)).append("\"\n");
            text.append("primary = \"127.0.0.1:").append(primary(shard).port()).append("\"\n");
            text.append("replicas = [\"").append(replica(shard)).append("\"]\n");
        }
        return text.toString();
    }

    private static String swapped(String config) {
        String first = "primary = \"127.0.0.1:" + primary(0).port() + "\"";
        String second = "primary = \"127.0.0.1:" + primary(1).port() + "\"";
        return config.replace(first, "?").replace(second, first).replace("?", second);
    }

    private static FleetServer primary(int shard) {
        return fleet.shards().get(shard).primary();
    }

    private static String replica(int shard) {
        return "127.0.0.1:" + fleet.shards().get(shard).replicas().getFirst().port();
    }

    private Path config(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Connection direct(int shard) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + primary(shard).port() + "/app",
                fleet.superuser().user(),
                fleet.superuser().password());
    }

    private static List<Long> onShards(String sql) throws SQLException {
        List<Long> all = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            try (Connection direct = direct(shard)) {
                all.add(number(direct, sql));
            }
        }
        return all;
    }

    /** {@code count} rows of a VALUES list, numbered from 1. */
    private static String values(String row, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(row::formatted).collect(Collectors.joining(", "));
    }

    private static boolean succeeds(Connection connection, String sql) {
        try {
            execute(connection, sql);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        return Long.parseLong(text(connection, sql));
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return String.valueOf(result.getString(1));
        }
    }

    private static Programs.Ended psql(String database, PandoProcess pando, String... commands)
            throws IOException, InterruptedException {
        String url = "postgres://app:app@127.0.0.1:" + pando.port() + "/" + database;
        List<String> line = new ArrayList<>(List.of("psql", "-X", url));
        for (String command : commands) {
            line.addAll(List.of("-c", command));
        }
        return Programs.run(Programs.ROOT, line);
    }

    private static Programs.Ended pgbench(PandoProcess pando, String... options)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(
                List.of("pgbench", "-h", "127.0.0.1", "-p", Integer.toString(pando.port()), "-U", "app"));
        line.addAll(List.of(options));
        line.add("app");
        return Programs.run(Programs.ROOT, line);
    }
}
