package dev.pando.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.PandoConfig;
import dev.pando.server.admin.SampleView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpApiTest {
    private final SampleView view = new SampleView();
    private final HttpApi api = HttpApi.start(new PandoConfig.Http(true, "127.0.0.1", 0, false), view);

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void tellsShardStatisticsAsJson() throws Exception {
        HttpResponse<String> response = get("/api/v1/shards/stats");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        StatsReport report = Json.read(response.body(), StatsReport.class);
        assertThat(report).isEqualTo(StatsReport.of(view, false));
        assertThat(report.shards().get(0).primary().state()).isEqualTo("up");
        assertThat(report.shards().get(0).replicas().get(0).state()).isEqualTo("lagging");
        assertThat(report.shards().get(0).pool()).isEqualTo(new StatsReport.Pool(25, 3, 2, 0, 0, false));
        assertThat(report.shards().get(1).primary().state()).isEqualTo("down");
        assertThat(report.shards().get(1).tables().get(0).rows()).isNull();
        assertThat(report.tables().get(0).rows()).isNull();
        assertThat(response.body()).contains("\"uptime_seconds\" : 61", "\"lag_bytes\" : 1536", "\"rows\" : null");
    }

    @Test
    void asksTheServersOnceForManyAnswers() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(get("/api/v1/shards/stats").statusCode()).isEqualTo(200);
        }
        // Five answers take far less than the second an answer is good for; on a stalled machine one more may be made.
        assertThat(view.asked()).isLessThanOrEqualTo(2);
    }

    @Test
    void anAnswerGetsOldAfterASecond() {
        long[] now = {0};
        StatsCache cache = new StatsCache(view, false, () -> now[0]);
        cache.report();
        now[0] = StatsCache.GOOD_FOR.toNanos() - 1;
        cache.report();
        assertThat(view.asked()).isEqualTo(1);
        now[0]++;
        cache.report();
        assertThat(view.asked()).isEqualTo(2);
    }

    @Test
    void countsRowsOnlyWhenAskedTo() throws Exception {
        assertThat(get("/api/v1/shards/stats?exact=false").body()).contains("\"rows_estimated\" : true");
        assertThat(get("/api/v1/shards/stats?exact=true").body()).doesNotContain("\"rows_estimated\" : true");
    }

    @Test
    void wrongParametersAreNamed() throws Exception {
        assertThat(refused("/api/v1/shards/stats?exakt=true")).contains("did you mean exact=true?");
        assertThat(refused("/api/v1/shards/stats?exact=yes")).contains("exact is either true or false");
        assertThat(refused("/api/v1/shards/stats?a=b")).contains("the only parameter is exact=true");
        assertThat(refused("/health?exact=true")).contains("takes no parameters");
    }

    private String refused(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(400);
        return response.body();
    }

    @Test
    void readyOrWhyNotAndAliveInAnyCase() throws Exception {
        for (String prefix : List.of("", "/api/v1")) {
            view.notReady(null);
            assertThat(get(prefix + "/ready").body()).contains("\"ready\"");

            view.notReady("shard-1 has no primary");

            HttpResponse<String> response = get(prefix + "/ready");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("\"unready\"", "shard-1 has no primary");
            HttpResponse<String> alive = get(prefix + "/health");
            assertThat(alive.statusCode()).isEqualTo(200);
            assertThat(alive.body()).contains("\"alive\"", "\"uptime_seconds\" : 61");
        }
    }

    @Test
    void configurationIsTomlWithoutSecrets() throws Exception {
        HttpResponse<String> response = get("/api/v1/config");
        assertThat(response.body()).contains("[pool]\nsize = 25").doesNotContain("top-secret");
    }

    @Test
    void servesThePageWithAPolicyThatAllowsOnlyItsOwnScriptAndStyle() throws Exception {
        HttpResponse<String> response = get("/");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'sha256-", "style-src 'sha256-")
                .doesNotContain("unsafe");
        assertThat(response.body()).contains("<title>Pando</title>").doesNotContain("innerHTML", "http://", "https://");
    }

    @Test
    void wrongPathsAndMethodsAreJsonErrors() throws Exception {
        HttpResponse<String> missing = get("/api/v2");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("\"status\" : 404", "/api/v1/shards/stats");

        HttpResponse<String> post = send(request("/").POST(HttpRequest.BodyPublishers.ofString("x")));
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).hasValue("GET, HEAD");

        HttpResponse<String> head = send(request("/api/v1/health").HEAD());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void failuresAreJsonErrorsThatKeepTheirSecrets() throws Exception {
        view.fail(new IllegalStateException("internal detail"));
        HttpResponse<String> bug = get("/api/v1/shards/stats");
        assertThat(bug.statusCode()).isEqualTo(500);
        assertThat(bug.body()).doesNotContain("internal detail");

        view.fail(new PandoException(PandoError.SHARD_UNAVAILABLE, "shard-0", "10.0.0.1:5432", "refused"));
        HttpResponse<String> down = get("/api/v1/shards/stats");
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(down.body()).contains("PD5001");
    }

    @Test
    void refusesRequestsUnderAForeignName() throws Exception {
        assertThat(statusFor("evil.example")).isEqualTo(421);
        assertThat(statusFor("127.0.0.1.evil.example:8432")).isEqualTo(421);
        assertThat(statusFor("localhost:1")).isEqualTo(200);
        assertThat(statusFor("127.0.0.1")).isEqualTo(200);
        assertThat(statusFor("[::1]:8432")).isEqualTo(200);
    }

    @Test
    void aTakenPortIsNamed() {
        assertThatThrownBy(() -> HttpApi.start(new PandoConfig.Http(true, "127.0.0.1", api.port(), false), view))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.PORT_TAKEN))
                .hasMessageContaining(Integer.toString(api.port()))
                .hasMessageContaining("--http-port");
    }

    /** By hand, because java.net.http does not let the Host header be set. */
    private int statusFor(String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            String request = "GET /api/v1/health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void plansOfServersHaveToBeAllowed() throws Exception {
        HttpResponse<String> refused = get("/api/v1/statements/7/plan");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("PD1017", "http.plans", "EXPLAIN STATEMENT");
        // As a reload does.
        view.configured("[http]\nplans = true");
        assertThat(get("/api/v1/statements/7/plan").statusCode()).isEqualTo(200);
    }

    @Test
    void aPlanThatCannotBeToldNowIsNotOneThatIsNotThere() throws Exception {
        view.configured("[http]\nplans = true");
        view.fail(new PandoException(PandoError.PLANS_BUSY, 4, 4));
        HttpResponse<String> busy = get("/api/v1/statements/7/plan");
        assertThat(busy.statusCode()).isEqualTo(503);
        assertThat(busy.body()).contains("PD2012");
        view.fail(new PandoException(PandoError.PLAN_FAILED, "shard s0 is paused"));
        HttpResponse<String> failed = get("/api/v1/statements/7/plan");
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(failed.body()).contains("PD5008");
    }

    @Test
    void tellsHowServersRunAStatement() throws Exception {
        view.configured("[http]\nplans = true");
        HttpResponse<String> response = get("/api/v1/statements/7/plan");
        assertThat(response.statusCode()).isEqualTo(200);
        StatementsReport.Plan plan = Json.read(response.body(), StatementsReport.Plan.class);
        assertThat(plan.user()).isEqualTo("ann");
        assertThat(plan.asked()).startsWith("EXPLAIN (GENERIC_PLAN) select");
        assertThat(plan.plans()).hasSize(2).first().satisfies(first -> {
            assertThat(first.shards()).containsExactly("shard-1", "shard-0");
            assertThat(first.lines()).hasSize(2).first().asString().startsWith("Seq Scan on items");
        });

        HttpResponse<String> unknown = get("/api/v1/statements/8/plan");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("PD1016");
        assertThat(get("/api/v1/statements/x/plan").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/statements/7/plan?exact=true").statusCode()).isEqualTo(400);
    }
}
