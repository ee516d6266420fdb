package dev.pando.bench;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Starts proxies, each with files in a folder of its own; all of it goes when {@code cleanup} is closed. */
final class Proxies {
    private final Cleanup cleanup;

    Proxies(Cleanup cleanup) {
        this.cleanup = cleanup;
    }

    /**
     * A proxy that answers.
     *
     * @param prepares whether named prepared statements work
     */
    record Started(PostgresUrl url, ProxyProcess process, StartUps.StartUp startUp, boolean prepares) {}

    Started pgBouncer(PgBouncer program, PostgresUrl server, ProxySizes sizes)
            throws IOException, InterruptedException {
        int port = freePort();
        Path folder = cleanup.folder("rwx--x--x");
        long begun = System.nanoTime();
        ProxyProcess process = cleanup.add(program.start(folder, server, port, sizes));
        return started(server.at(port), process, begun, program.preparesInTransactions());
    }

    /** @param login where port and host are those of any server */
    Started pando(PandoServe serve, PostgresUrl login) throws IOException, InterruptedException {
        Path folder = cleanup.folder("rwx------");
        long begun = System.nanoTime();
        ProxyProcess process = cleanup.add(serve.start(folder));
        return started(login.at(PandoServe.port(process)), process, begun, true);
    }

    private static Started started(PostgresUrl url, ProxyProcess process, long begun, boolean prepares)
            throws InterruptedException {
        process.await(() -> answers(url));
        Duration wall = Duration.ofNanos(System.nanoTime() - begun);
        return new Started(url, process, new StartUps.StartUp(wall, process.cpu()), prepares);
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
