package dev.pando.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pando.server.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusCommandTest {
    private static final Path GOLDEN = Path.of("src/test/resources/dev/pando/cli/status.txt");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final HttpServer http = server();
    private volatile int status = 200;
    private volatile byte[] body = Json.write(SampleReport.troubled());
    private volatile String asked = "";

    @BeforeEach
    void start() {
        http.createContext("/", exchange -> {
            asked = exchange.getRequestURI().toString();
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
    }

    @AfterEach
    void stop() {
        http.stop(0);
    }

    /** After a change of the table: run with {@code -Ddocs.rewrite=true} and review the difference. */
    @Test
    void showsTroubledServersAndTables() throws IOException {
        assertThat(run()).isZero();

        if (Boolean.getBoolean("docs.rewrite")) {
            Files.writeString(GOLDEN, out.toString());
        }
        try (InputStream golden = Files.newInputStream(GOLDEN)) {
            assertThat(out.toString()).isEqualTo(new String(golden.readAllBytes(), UTF_8));
        }
        assertThat(asked).isEqualTo("/api/v1/shards/stats");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void jsonIsTheAnswerAsItIs() {
        assertThat(run("--json", "--exact")).isZero();

        assertThat(out.toString()).isEqualTo(new String(body, UTF_8));
        assertThat(asked).isEqualTo("/api/v1/shards/stats?exact=true");
    }

    @Test
    void anEmptyFleetSaysWhatToDo() {
        body = Json.write(SampleReport.empty());

        assertThat(run()).isZero();
        assertThat(out.toString()).contains("SELECT pando.distribute('table', 'key')", "1 client, up 5 s");
    }

    @Test
    void aRefusalIsOneClearLine() {
        status = 503;
        body = "{\"status\":503,\"error\":\"shard shard-0 cannot be reached (PD5001)\"}".getBytes(UTF_8);

        assertThat(run()).isEqualTo(1);
        assertThat(line()).contains("status 503: shard shard-0 cannot be reached (PD5001)");
    }

    @Test
    void anotherServerIsNotTakenForPando() {
        body = "<html>hello</html>".getBytes(UTF_8);
        assertThat(run()).isEqualTo(1);
        assertThat(line()).contains("is not Pando");

        status = 404;
        assertThat(run()).isEqualTo(1);
        assertThat(err.toString()).contains("status 404: what answers there is not Pando");
    }

    @Test
    void nobodyThereIsOneClearLine() {
        http.stop(0);

        assertThat(run()).isEqualTo(1);
        assertThat(line())
                .startsWith("pando: nothing answers at http://127.0.0.1:")
                .contains("--url");
    }

    @Test
    void aWrongAddressIsOneClearLine() {
        assertThat(Pando.run(writer(out), writer(err), "status", "--url", "127.0.0.1"))
                .isEqualTo(1);
        assertThat(line()).contains("is not an address such as http://127.0.0.1:8432");
    }

    private String line() {
        assertThat(err.toString().lines()).hasSize(1);
        return Objects.requireNonNull(err.toString());
    }

    private int run(String... options) {
        String[] args = new String[options.length + 3];
        args[0] = "status";
        args[1] = "--url";
        args[2] = "http://127.0.0.1:" + http.getAddress().getPort();
        System.arraycopy(options, 0, args, 3, options.length);
        return Pando.run(writer(out), writer(err), args);
    }

    private static PrintWriter writer(StringWriter to) {
        return new PrintWriter(to, true);
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
