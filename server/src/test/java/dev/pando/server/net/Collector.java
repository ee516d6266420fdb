package dev.pando.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A collector of traces, as OTLP over HTTP has them: keeps what it is sent. Not the JDK's HTTP server, whose bounds are set by the first of a
 * process for all.
 */
public final class Collector implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");
    private static final Pattern TYPE = Pattern.compile("(?im)^content-type: *(\\S+)");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final List<JsonNode> spans = new CopyOnWriteArrayList<>();
    private final List<String> types = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    public Collector() throws IOException {
        threads.execute(() -> unlessClosed(() -> {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                threads.execute(() -> unlessClosed(() -> serve(socket)));
            }
        }));
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void unlessClosed(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            if (!server.isClosed()) {
                types.add(e.toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket accepted) throws IOException, InterruptedException {
        try (Socket socket = accepted) {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            String body = new String(in.readNBytes(Integer.parseInt(found(LENGTH, head))), StandardCharsets.UTF_8);
            gate.await();
            types.add(head.substring(0, head.indexOf(" ")) + " " + found(TYPE, head));
            if (status == 200) {
                for (JsonNode resource : JsonMapper.shared().readTree(body).get("resourceSpans")) {
                    for (JsonNode scope : resource.get("scopeSpans")) {
                        scope.get("spans").forEach(spans::add);
                    }
                }
            }
            String answer = "HTTP/1.1 " + status + " -\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static String found(Pattern header, CharSequence head) {
        Matcher matcher = header.matcher(head);
        return matcher.find() ? matcher.group(1) : "0";
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getLocalPort();
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
    public void close() throws IOException {
        release();
        server.close();
        threads.shutdownNow();
    }
}
