package dev.pando.server.net;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A collector of traces, as OTLP over HTTP has them: keeps what it is sent. */
public final class Collector implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final List<JsonNode> spans = new CopyOnWriteArrayList<>();
    private final List<String> types = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    public Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(threads);
        server.createContext("/v1/traces", exchange -> {
            try (exchange) {
                gate.await();
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                types.add(exchange.getRequestMethod() + " "
                        + exchange.getRequestHeaders().getFirst("Content-Type"));
                if (status == 200) {
                    for (JsonNode resource : JsonMapper.shared().readTree(body).get("resourceSpans")) {
                        for (JsonNode scope : resource.get("scopeSpans")) {
                            scope.get("spans").forEach(spans::add);
                        }
                    }
                }
                exchange.sendResponseHeaders(status, -1);
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What it answers from now on. */
    public void answers(int next) {
        status = next;
    }

    /** Answers nothing until {@link #release}. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    public void release() {
        gate.countDown();
    }

    public List<String> types() {
        return types;
    }

    public List<JsonNode> spans() {
        return spans;
    }

    public Stream<JsonNode> named(String name) {
        return spans.stream().filter(span -> span.get("name").asString().equals(name));
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
