package dev.pando.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.PandoConfig;
import dev.pando.server.admin.SampleView;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final SampleView view = new SampleView();
    private final HttpApi api = HttpApi.start(new PandoConfig.Http(true, "127.0.0.1", 0, false), view);

    @AfterEach
    void stop() {
        api.close();
    }

    /** A strict reader of the text format: samples by name with labels as written. */
    private record Page(Map<String, String> types, Map<String, Double> samples) {
        private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
        private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
        private static final Pattern META = Pattern.compile("# (HELP|TYPE) (" + NAME + ") (\\S.*)");
        private static final Pattern SAMPLE =
                Pattern.compile("(" + NAME + ")(\\{" + LABEL + "(?:," + LABEL + ")*})? (-?[0-9.]+(?:E-?[0-9]+)?)");

        static Page read(String text) {
            Map<String, String> types = new HashMap<>();
            Map<String, Double> samples = new HashMap<>();
            Set<String> helped = new HashSet<>();
            List<String> finished = new ArrayList<>();
            String current = "";
            assertThat(text).endsWith("\n");
            for (String line : text.split("\n", -1)) {
                Matcher meta = META.matcher(line);
                Matcher sample = SAMPLE.matcher(line);
                if (meta.matches() && meta.group(1).equals("HELP")) {
                    finished.add(current);
                    current = meta.group(2);
                    assertThat(helped.add(current)).as("HELP once: %s", line).isTrue();
                } else if (meta.matches()) {
                    assertThat(meta.group(2))
                            .as("TYPE behind its HELP: %s", line)
                            .isEqualTo(current);
                    assertThat(types.put(current, meta.group(3)))
                            .as("TYPE once: %s", line)
                            .isNull();
                    assertThat(meta.group(3)).isIn("counter", "gauge", "histogram");
                } else if (sample.matches()) {
                    String suffix = sample.group(1)
                            .substring(
                                    Math.min(current.length(), sample.group(1).length()));
                    assertThat(sample.group(1)).as("below its TYPE: %s", line).isEqualTo(current + suffix);
                    assertThat(List.of("_bucket", "_sum", "_count").contains(suffix) || suffix.isEmpty())
                            .as(line)
                            .isTrue();
                    assertThat("histogram".equals(types.get(current)))
                            .as("only histograms have these: %s", line)
                            .isEqualTo(!suffix.isEmpty());
                    assertThat(types).containsKey(current);
                    assertThat(finished).doesNotContain(current);
                    String labels = sample.group(2) == null ? "" : sample.group(2);
                    assertThat(samples.put(current + suffix + labels, Double.valueOf(sample.group(3))))
                            .as("once: %s", line)
                            .isNull();
                } else {
                    assertThat(line).isEmpty();
                }
            }
            return new Page(types, samples);
        }
    }

    @Test
    void everyMetricIsThereOnceWithItsType() throws Exception {
        HttpResponse<String> response = get();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        Page page = Page.read(response.body());
        Map<String, String> expected = new HashMap<>();
        for (Metric metric : Metric.values()) {
            expected.put(metric.title(), metric.type().word());
            assertThat(metric.title().endsWith("_total"))
                    .as("%s is a counter", metric)
                    .isEqualTo(metric.type() == Metric.Type.COUNTER);
        }
        assertThat(page.types()).isEqualTo(expected);
        assertThat(page.samples())
                .containsEntry("pando_uptime_seconds", 61.0)
                .containsEntry("pando_ready", 1.0)
                .containsEntry("pando_clients{state=\"idle\"}", 1.0)
                .containsEntry("pando_clients{state=\"in transaction\"}", 0.0)
                .containsEntry("pando_pool_connections{database=\"app\",shard=\"shard-0\",state=\"leased\"}", 3.0)
                .containsEntry("pando_pool_oldest_wait_seconds{database=\"app\",shard=\"shard-1\"}", 1.2)
                .containsEntry("pando_pool_paused{database=\"app\",shard=\"shard-1\"}", 1.0)
                .containsEntry("pando_shard_statements_total{database=\"app\",shard=\"shard-0\"}", 1002.0)
                .containsEntry("pando_shard_wait_seconds_total{database=\"app\",shard=\"shard-0\"}", 1.008e-6)
                .containsEntry("pando_server_up{shard=\"shard-1\",server=\"10.0.0.3:5432\",role=\"primary\"}", 0.0)
                .containsEntry("pando_server_lag_bytes{shard=\"shard-0\",server=\"10.0.0.2:5432\"}", 1536.0)
                .containsEntry("pando_server_replay_lag_seconds{shard=\"shard-0\",server=\"10.0.0.2:5432\"}", 0.04)
                .containsEntry("pando_statement_seconds_count{database=\"app\",user=\"ann\"}", 15.0)
                .containsEntry("pando_statement_seconds_sum{database=\"app\",user=\"ann\"}", 0.029)
                .containsEntry("pando_statement_seconds_bucket{database=\"app\",user=\"ann\",le=\"0.0025\"}", 14.0)
                .containsEntry("pando_statement_seconds_bucket{database=\"app\",user=\"ann\",le=\"+Inf\"}", 15.0)
                .containsEntry("pando_statement_part_seconds_sum{database=\"app\",part=\"backend\"}", 0.029)
                .containsEntry("pando_shard_statement_seconds_count{database=\"app\",shard=\"shard-1\"}", 12.0)
                .containsEntry("pando_statement_errors_total{database=\"app\",user=\"ann\"}", 1.0)
                .containsEntry("pando_repeated_statements{database=\"app\"}", 12.0)
                .containsEntry("pando_spans_total{outcome=\"dropped\"}", 1.0)
                .containsEntry("pando_shard_blocks_hit_total{shard=\"shard-0\"}", 990.0)
                .containsEntry("pando_shard_dead_rows{shard=\"shard-0\"}", 77.0)
                .containsEntry("pando_shard_connections_limit{shard=\"shard-0\"}", 100.0)
                .containsEntry("pando_plan_cache_entries", 11.0);
    }

    @Test
    void withoutTheServersTheProcessStillTellsOfItself() throws Exception {
        view.fail(new PandoException(PandoError.SHARD_UNAVAILABLE, "shard-0", "10.0.0.1:5432", "refused"));
        view.notReady("starting");
        Page page = Page.read(get().body());
        assertThat(page.samples())
                .containsEntry("pando_fleet_asked", 0.0)
                .containsEntry("pando_ready", 0.0)
                .containsKey("pando_memory_used_bytes{area=\"heap\"}");
        assertThat(page.types()).doesNotContainKey("pando_server_up");
    }

    @Test
    void labelsAreEscaped() {
        String page = new Exposition()
                .add(Metric.DATABASE_BYTES, 1, "a\"b\\c\nd")
                .add(Metric.DATABASE_BYTES, 1 << 30, "plain")
                .toString();
        assertThat(page).contains("{shard=\"a\\\"b\\\\c\\nd\"} 1\n", "{shard=\"plain\"} 1073741824\n");
        Page.read(page);
        assertThatThrownBy(() -> new Exposition().add(Metric.DATABASE_BYTES, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private HttpResponse<String> get() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI address = URI.create("http://127.0.0.1:" + api.port() + "/metrics");
            return client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
