package dev.pando.server.http;

import com.sun.net.httpserver.HttpServer;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.PandoConfig;
import dev.pando.server.admin.AdminView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The HTTP API and the status page: reading only, no login, so by default only for this machine. Requests run on virtual threads; how many
 * at once is bounded by {@link HttpHandling}, connections and slowness by {@link HttpBounds}.
 */
public final class HttpApi implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    private final HttpServer server;
    private final ExecutorService threads;

    private HttpApi(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /** Throws {@code PORT_TAKEN} when the port cannot be had. */
    public static HttpApi start(PandoConfig.Http config, AdminView view) {
        HttpBounds.apply();
        try {
            InetAddress host = InetAddress.getByName(config.host());
            HttpServer server = HttpServer.create(new InetSocketAddress(host, config.port()), BACKLOG);
            ExecutorService threads = Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("http-", 0).factory());
            server.setExecutor(threads);
            boolean open = !host.isLoopbackAddress();
            HostCheck hosts = new HostCheck(config.host(), open);
            server.createContext("/", new HttpHandling(new Routes(view, System::nanoTime), hosts));
            server.start();
            return new HttpApi(server, threads);
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.PORT_TAKEN, config.port(), config.host(), "--http-port");
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(Math.toIntExact(LAST_ANSWERS.toSeconds()));
        threads.shutdownNow();
    }
}
