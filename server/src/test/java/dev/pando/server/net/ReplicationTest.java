package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** Replication connections pass to the one server there is, on a connection of their own. */
class ReplicationTest {
    private static @Nullable Running pando;
    private static List<TemporaryServer> servers = List.of();

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws SQLException {
        servers = Running.servers(2);
        try (Connection connection = servers.getFirst().connect()) {
            Sql.run(connection, "ALTER ROLE app REPLICATION");
        }
        pando = Running.plain("[[databases]]\nname = \"app\"\nservers = [\"127.0.0.1:"
                + servers.getFirst().port() + "\"]\npool_size = 2\n");
    }

    @AfterAll
    static void stop() throws SQLException {
        if (pando != null) {
            pando.close();
        }
        try (Connection connection = servers.getFirst().connect()) {
            Sql.run(connection, "ALTER ROLE app NOREPLICATION");
        }
    }

    private static Running running() {
        return Objects.requireNonNull(pando);
    }

    private static Connection replicating(String kind) throws SQLException {
        return running()
                .to("app", "app", "replication=" + kind, "assumeMinServerVersion=9.4", "preferQueryMode=simple");
    }

    @Test
    void theAdminDatabaseIsNoPlaceForIt() {
        // A rule for replication would let people into the admin database.
        for (String kind : List.of("true", "database")) {
            assertThatThrownBy(() -> running()
                            .to(
                                    "pando",
                                    "app",
                                    "replication=" + kind,
                                    "assumeMinServerVersion=9.4",
                                    "preferQueryMode=simple"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("PD1031");
        }
    }

    @Test
    void aLogicalStreamBringsWhatIsWritten() throws Exception {
        try (Connection writer = running().connect();
                Connection reader = replicating("database")) {
            Sql.run(writer, "CREATE TABLE logical_rows (id int PRIMARY KEY, text text)");
            var replication = reader.unwrap(PGConnection.class).getReplicationAPI();
            replication
                    .createReplicationSlot()
                    .logical()
                    .withSlotName("pando_logical")
                    .withOutputPlugin("test_decoding")
                    .withTemporaryOption()
                    .make();
            try (PGReplicationStream stream = replication
                    .replicationStream()
                    .logical()
                    .withSlotName("pando_logical")
                    .withSlotOption("skip-empty-xacts", true)
                    .withStatusInterval(1, TimeUnit.SECONDS)
                    .start()) {
                // Far more than all buffers between can hold, and each row longer than what passes whole.
                Sql.run(
                        writer,
                        "INSERT INTO logical_rows SELECT i, repeat('x', 1000000) FROM generate_series(1, 40) i");
                long bytes = 0;
                int rows = 0;
                while (rows < 40) {
                    ByteBuffer message = Objects.requireNonNull(stream.read());
                    bytes += message.remaining();
                    rows += text(message).startsWith("table public.logical_rows: INSERT") ? 1 : 0;
                    stream.setAppliedLSN(stream.getLastReceiveLSN());
                    stream.setFlushedLSN(stream.getLastReceiveLSN());
                }
                assertThat(bytes).isGreaterThan(40_000_000);
                Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                    stream.forceUpdateStatus();
                    assertThat(Sql.value(
                                    writer,
                                    "SELECT confirmed_flush_lsn >= '"
                                            + stream.getLastReceiveLSN().asString()
                                            + "' FROM pg_replication_slots WHERE slot_name = 'pando_logical'"))
                            .isEqualTo("t");
                });
            }
            Sql.run(writer, "DROP TABLE logical_rows");
        }
    }

    private static String text(ByteBuffer message) {
        return StandardCharsets.UTF_8.decode(message).toString();
    }

    @Test
    void aPhysicalStreamBringsTheLog() throws Exception {
        try (Connection writer = running().connect();
                Connection reader = replicating("true")) {
            assertThat(Sql.column(reader, "IDENTIFY_SYSTEM", "timeline")).containsExactly("1");
            LogSequenceNumber from =
                    LogSequenceNumber.valueOf(String.valueOf(Sql.value(writer, "SELECT pg_current_wal_lsn()")));
            try (PGReplicationStream stream = reader.unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .physical()
                    .withStartPosition(from)
                    .start()) {
                Sql.run(writer, "SELECT pg_logical_emit_message(true, 'pando', repeat('needle', 1000))");
                long received = 0;
                while (received < 6_000) {
                    received += Objects.requireNonNull(stream.read()).remaining();
                }
            }
        }
    }

    /** Its connection is neither the pool's nor anybody else's, and ends with the client. */
    @Test
    void theServerConnectionEndsWithTheClient() throws Exception {
        try (Connection one = running().connect();
                Connection two = running().connect();
                Connection admin = running().admin("app")) {
            // Those of other tests end when their servers notice.
            awaitWalSenders(one, "0");
            try (Connection reader = replicating("true");
                    Connection second = replicating("database");
                    Connection third = replicating("database")) {
                assertThat(Sql.value(second, "SELECT current_database()")).isEqualTo("app");
                assertThat(Sql.column(third, "IDENTIFY_SYSTEM", "dbname")).containsExactly("app");
                assertThat(reader.isClosed()).isFalse();
                // Beyond the pool's size.
                awaitWalSenders(one, "3");
                assertThat(Sql.value(two, "SELECT 1")).isEqualTo("1");
                assertThat(Sql.column(admin, "SHOW POOLS", "sv_active")).containsExactly("0");
                assertThat(Sql.column(admin, "SHOW CLIENTS", "replication")).contains("none", "physical", "logical");
            }
            awaitWalSenders(one, "0");
        }
    }

    private static void awaitWalSenders(Connection connection, String count) {
        String sql = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender'";
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Sql.value(connection, sql)).isEqualTo(count));
    }

    /** PostgreSQL's own programs name the database "replication" when they need none. */
    @Test
    void aBaseBackupPasses() throws Exception {
        try (WireClient client = new WireClient(running().port())) {
            client.login("app", "replication", "replication", "true");
            client.query("BASE_BACKUP (LABEL 'pando', CHECKPOINT 'fast', WAIT false)");
            long bytes = 0;
            for (WireClient.Message message = client.read(); message.type() != 'Z'; message = client.read()) {
                assertThat(message.type()).isNotEqualTo('E');
                bytes += message.type() == 'd' ? message.body().length : 0;
            }
            assertThat(bytes).isGreaterThan(10_000_000);
        }
    }

    @Test
    void pgRecvlogicalWorks() throws Exception {
        Path out = folder.resolve("changes");
        try (Connection writer = running().connect()) {
            Sql.run(writer, "CREATE TABLE received (id int PRIMARY KEY)");
            assertThat(recvlogical("--create-slot", "--plugin=test_decoding")).isZero();
            Sql.run(writer, "INSERT INTO received SELECT generate_series(1, 1000)");
            String end = String.valueOf(Sql.value(writer, "SELECT pg_current_wal_insert_lsn()"));
            assertThat(recvlogical("--start", "--endpos=" + end, "--file=" + out))
                    .isZero();
            assertThat(Files.readAllLines(out))
                    .filteredOn(line -> line.startsWith("table public.received: INSERT"))
                    .hasSize(1_000);
            assertThat(recvlogical("--drop-slot")).isZero();
            Sql.run(writer, "DROP TABLE received");
        }
    }

    private int recvlogical(String... arguments) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        List<String> command = new ArrayList<>(List.of(
                "pg_recvlogical",
                "--dbname=host=127.0.0.1 port=" + running().port() + " user=app password=app dbname=app",
                "--slot=pando_recvlogical"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        assertThat(Files.readString(log)).as(String.join(" ", arguments)).doesNotContain("error:");
        return process.exitValue();
    }

    @Test
    void theServersRefusalIsTheClients() {
        assertThatThrownBy(() -> running().to("app", "other", "replication=database", "assumeMinServerVersion=9.4"))
                .hasMessageContaining("permission denied to start WAL sender");
    }

    @Test
    void beforeSeveralShardsOrDatabasesItIsRefused() throws SQLException {
        try (Running two = Running.before(2, "[listen]\nport = 0\n")) {
            assertThatThrownBy(() -> two.to("app", "app", "replication=database", "assumeMinServerVersion=9.4"))
                    .hasMessageContaining("database \"app\" has 2 shards")
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("0A000");
        }
    }
}
