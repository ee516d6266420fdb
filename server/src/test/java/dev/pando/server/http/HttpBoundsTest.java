package dev.pando.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.core.config.PandoConfig;
import dev.pando.server.admin.SampleView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a hostile or broken client can cost. */
class HttpBoundsTest {
    private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";

    private final SampleView view = new SampleView();
    private final HttpApi api = HttpApi.start(new PandoConfig.Http(true, "127.0.0.1", 0, false), view);
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        api.close();
    }

    @Test
    void aRequestThatNeverEndsIsCutOff() throws Exception {
        Socket slow = connect();
        slow.setSoTimeout(6 * HttpBounds.REQUEST_SECONDS * 1000);
        send(slow, "GET /health HTTP/1.1\r\nHost: loc");

        assertThat(answer(slow)).doesNotContain("200");
        assertHealthy();
    }

    @Test
    void headersHaveALimit() throws Exception {
        Socket socket = connect();
        send(socket, HEALTH + "X-Long: " + "x".repeat(2 * HttpBounds.HEADER_BYTES) + "\r\n\r\n");
        assertThat(answer(socket)).doesNotContain("200");

        Socket many = connect();
        StringBuilder headers = new StringBuilder(HEALTH);
        for (int i = 0; i < 100; i++) {
            headers.append("X-").append(i).append(": b\r\n");
        }
        send(many, headers + "\r\n");
        assertThat(answer(many)).doesNotContain("200");
        assertHealthy();
    }

    @Test
    void aBodyNobodyAskedForIsNotReadToItsEnd() throws Exception {
        Socket socket = connect();
        send(socket, "POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000000\r\n\r\n");
        socket.setSoTimeout(30_000);
        assertThat(new String(socket.getInputStream().readNBytes(12), US_ASCII)).isEqualTo("HTTP/1.1 405");
        assertHealthy();
    }

    @Test
    void garbageIsAnsweredOrCutOffAndHarmsNobody() throws Exception {
        for (String garbage :
                List.of("\0\0\0\b\4\322\26/", "GET\r\n\r\n", "GET http://[ HTTP/1.1\r\n\r\n", "\r\n\r\n\r\n")) {
            Socket socket = connect();
            send(socket, garbage);
            socket.shutdownOutput();
            assertThat(answer(socket)).doesNotContain(" 200 ");
        }
        assertHealthy();
    }

    @Test
    void idleConnectionsBeyondTheLimitAreClosedAndRoomComesBack() throws Exception {
        for (int i = 0; i < HttpBounds.MOST_CONNECTIONS + 20; i++) {
            connect();
        }
        Socket last = sockets.getLast();
        last.setSoTimeout(30_000);
        assertThat(answer(last)).isEmpty();

        for (Socket socket : sockets) {
            socket.close();
        }
        Awaitility.await().untilAsserted(this::assertHealthy);
    }

    @Test
    void slowServersBehindDoNotTakeThePlacesOfProbes() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        view.hold(asked, goOn);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < HttpHandling.MOST_AT_ONCE + 10; i++) {
                answers.add(threads.submit(() -> get("/api/v1/shards/stats")));
            }
            asked.await();
            int refused = answers.size() - StatsCache.MOST_WAITING - 1;
            Awaitility.await()
                    .until(() -> answers.stream().filter(Future::isDone).count() == refused);
            assertHealthy();
            goOn.countDown();
            int served = 0;
            for (Future<String> answer : answers) {
                served += answer.get().contains(" 200 ") ? 1 : 0;
            }
            assertThat(served).isEqualTo(StatsCache.MOST_WAITING + 1);
        }
    }

    private void assertHealthy() throws IOException {
        assertThat(get("/health")).contains(" 200 ");
    }

    private String get(String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            send(socket, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return answer(socket);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        socket.getOutputStream().flush();
    }

    /** All bytes until the server closes; a reset counts as closed. */
    private static String answer(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                answer.append((char) next);
            }
        } catch (SocketException reset) {
            answer.append("");
        }
        return answer.toString();
    }
}
