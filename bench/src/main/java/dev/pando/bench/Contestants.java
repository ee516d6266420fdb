package dev.pando.bench;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.bench.Contestant.Kind;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** Starts those compared, each with files in a folder of its own; all of it goes when {@code cleanup} is closed. */
final class Contestants {
    /** For the connections that look into the server, beside those of the proxies and the direct ones. */
    private static final int SPARE_CONNECTIONS = 20;

    private static final String ROLE = "bench";

    private final Cleanup cleanup;
    private final ProxySizes sizes;

    Contestants(Cleanup cleanup, ProxySizes sizes) {
        this.cleanup = cleanup;
        this.sizes = sizes;
    }

    /** A PostgreSQL of its own, with room for everybody's connections at once. */
    PostgresUrl server() throws SQLException {
        int connections = 3 * sizes.connections() + SPARE_CONNECTIONS;
        TemporaryServer server = cleanup.add(TemporaryServer.start(
                Map.of("max_connections", Integer.toString(connections), "shared_buffers", "512MB")));
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + ROLE + "'");
            statement.execute("CREATE DATABASE " + ROLE + " OWNER " + ROLE);
        }
        return new PostgresUrl(ROLE, ROLE, server.host(), server.port(), ROLE);
    }

    Contestant direct(PostgresUrl server) {
        return new Contestant(Kind.DIRECT, server, null, true, null);
    }

    Contestant pgBouncer(PgBouncer program, PostgresUrl server) throws IOException, InterruptedException {
        int port = freePort();
        Path folder = folder("rwx--x--x");
        long begun = System.nanoTime();
        ProxyProcess process = cleanup.add(program.start(folder, server, port, sizes));
        PostgresUrl url = server.at(port);
        process.await(() -> answers(url));
        return new Contestant(Kind.PGBOUNCER, url, process, program.preparesInTransactions(), since(begun));
    }

    Contestant pando(PostgresUrl server) throws IOException, InterruptedException {
        Path folder = folder("rwx------");
        long begun = System.nanoTime();
        ProxyProcess process = cleanup.add(PandoServe.start(folder, server, sizes));
        PostgresUrl url = server.at(PandoServe.port(process));
        process.await(() -> answers(url));
        return new Contestant(Kind.PANDO, url, process, true, since(begun));
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static boolean answers(PostgresUrl url) {
        try (Connection connection = url.connect()) {
            return BenchTables.Sql.number(connection, "SELECT 1") == 1;
        } catch (SQLException e) {
            return refused(e);
        }
    }

    /** Nobody listening yet is a reason to ask again; anything else will not change. */
    private static boolean refused(SQLException e) {
        if (String.valueOf(e.getMessage()).contains("refused")) {
            return false;
        }
        throw PandoException.causedBy(e, PandoError.BENCH_PROXY, "the proxy", Lines.first(e));
    }

    private Path folder(String permissions) throws IOException {
        Path folder = Files.createTempDirectory("pando-bench-");
        cleanup.add(() -> delete(folder));
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
