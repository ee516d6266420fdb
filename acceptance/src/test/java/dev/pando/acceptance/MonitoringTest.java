package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pando.testkit.RunningPando;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files under monitoring/ are loaded, and every metric and label they name is one that a running Pando tells. */
class MonitoringTest {
    private static final Path FOLDER = Path.of("..", "monitoring");
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(?:\\{(.*)})? \\S+");
    private static final Pattern METRIC = Pattern.compile("\\b(pando_[a-z_]+|node_[a-z_]+)(?:\\{([^}]*)})?");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)(?:=~|!~|!=|=)");
    private static final Pattern BY = Pattern.compile("\\b(?:by|without) \\(([^)]*)\\)");
    /** Those that Prometheus itself adds. */
    private static final Set<String> ADDED = Set.of("instance", "job");

    /** What a running Pando tells: labels by metric. */
    private static Map<String, Set<String>> told = Map.of();

    @BeforeAll
    static void ask() throws Exception {
        try (RunningPando pando =
                        RunningPando.start(RunningPando.Options.shards(1).replicas(1));
                HttpClient client = HttpClient.newHttpClient()) {
            try (Connection connection = pando.connect()) {
                Jdbc.execute(connection, "SELECT 1");
            }
            URI uri = URI.create("http://127.0.0.1:" + pando.httpPort() + "/metrics");
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                HttpResponse<String> page =
                        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
                told = labels(page.body());
                // A standby tells its lag a moment after it has come.
                return told.containsKey("pando_server_lag_bytes");
            });
        }
        assertThat(told).containsKey("pando_statement_seconds_bucket");
    }

    private static Map<String, Set<String>> labels(String page) {
        Map<String, Set<String>> labels = new HashMap<>();
        page.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            Set<String> names = labels.computeIfAbsent(sample.group(1), first -> new TreeSet<>(ADDED));
            if (sample.group(2) != null) {
                Pattern.compile("([a-z_]+)=\"")
                        .matcher(sample.group(2))
                        .results()
                        .forEach(name -> names.add(name.group(1)));
            }
        });
        return labels;
    }

    /** What is wrong with a query. */
    private static List<String> problems(String query) {
        List<String> problems = new ArrayList<>();
        if (query.chars().filter(c -> c == '(').count()
                != query.chars().filter(c -> c == ')').count()) {
            problems.add("parentheses");
        }
        Set<String> grouped = new TreeSet<>();
        BY.matcher(query)
                .results()
                .forEach(by -> grouped.addAll(List.of(by.group(1).split(", ?", -1))));
        Set<String> possible = new TreeSet<>();
        METRIC.matcher(query).results().forEach(metric -> {
            Set<String> labels = told.get(metric.group(1));
            if (labels == null) {
                problems.add("no metric " + metric.group(1));
                return;
            }
            possible.addAll(labels);
            String matchers = metric.group(2) == null ? "" : metric.group(2);
            LABEL.matcher(matchers)
                    .results()
                    .filter(label -> !labels.contains(label.group(1)))
                    .forEach(label -> problems.add(metric.group(1) + " has no label " + label.group(1)));
        });
        grouped.stream().filter(label -> !possible.contains(label)).forEach(label -> problems.add("no label " + label));
        if (possible.isEmpty()) {
            problems.add("no metric at all");
        }
        return problems;
    }

    /** An alert rule. */
    private record Rule(String alert, String query, String severity) {}

    private static List<Rule> rules(String file) throws IOException {
        Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FOLDER.resolve(file)));
        List<Rule> rules = new ArrayList<>();
        for (Object group : list(map(root).get("groups"))) {
            assertThat(map(group)).containsOnlyKeys("name", "rules");
            for (Object each : list(map(group).get("rules"))) {
                Map<String, Object> rule = map(each);
                assertThat(Set.of("alert", "expr", "for", "labels", "annotations"))
                        .as("%s", rule)
                        .containsAll(rule.keySet());
                assertThat(map(rule.get("annotations"))).containsOnlyKeys("summary");
                assertThat(String.valueOf(rule.get("for"))).matches("[0-9]+m|null");
                rules.add(new Rule(
                        String.valueOf(rule.get("alert")),
                        String.valueOf(rule.get("expr")),
                        String.valueOf(map(rule.get("labels")).get("severity"))));
            }
        }
        return rules;
    }

    private static Map<String, Object> map(@Nullable Object node) {
        assertThat(node).isInstanceOf(Map.class);
        Map<String, Object> copy = new HashMap<>();
        ((Map<?, ?>) Objects.requireNonNull(node)).forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }

    private static List<?> list(@Nullable Object node) {
        assertThat(node).isInstanceOf(List.class);
        return (List<?>) Objects.requireNonNull(node);
    }

    @Test
    void everyAlertAsksForWhatIsThere() throws IOException {
        List<Rule> rules = rules("pando.rules.yml");
        assertThat(rules).hasSizeGreaterThan(15).allSatisfy(rule -> {
            assertThat(problems(rule.query())).as(rule.alert()).isEmpty();
            assertThat(rule.severity()).isIn("info", "warning", "critical");
        });
        assertThat(rules.stream().map(Rule::alert)).doesNotHaveDuplicates();
    }

    @Test
    void thresholdsAreTheDocumentedOnes() throws IOException {
        Map<String, String> thresholds = new HashMap<>();
        for (Rule rule : rules("pando.rules.yml")) {
            thresholds.put(rule.alert() + " " + rule.severity(), rule.query());
        }
        for (Rule rule : rules("hosts.rules.yml")) {
            thresholds.put(rule.alert() + " " + rule.severity(), rule.query());
        }
        Map<String, String> wanted = Map.ofEntries(
                Map.entry("PandoServerConnectionsHigh warning", "> 70"),
                Map.entry("PandoServerConnectionsCritical critical", "> 90"),
                Map.entry("PandoClientsHigh warning", "> 70"),
                Map.entry("PandoClientsCritical critical", "> 90"),
                Map.entry("PandoCacheHitRatioLow warning", "< 99"),
                Map.entry("PandoCacheHitRatioCritical critical", "< 95"),
                Map.entry("PandoReplicationLag warning", "> 1048576"),
                Map.entry("PandoReplicationLagCritical critical", "> 104857600"),
                Map.entry("DiskUsageHigh warning", "> 70"),
                Map.entry("DiskUsageCritical critical", "> 85"),
                Map.entry("PandoStatementsSlow warning", "> 0.5"),
                Map.entry("PandoStatementsVerySlow critical", "> 2"),
                Map.entry("PandoDeadRows warning", "> 10000000"),
                Map.entry("PandoDeadRowsCritical critical", "> 50000000"));
        wanted.forEach((rule, threshold) ->
                assertThat(thresholds.get(rule)).as(rule).containsPattern(Pattern.quote(threshold) + "(?![0-9.])"));
    }

    @Test
    void disksAreAskedOfTheMachinesAlone() throws IOException {
        assertThat(rules("hosts.rules.yml"))
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(
                                METRIC.matcher(rule.query()).results().map(metric -> metric.group(1)))
                        .isNotEmpty()
                        .allMatch(metric -> metric.startsWith("node_filesystem_")));
    }

    @Test
    void everyPanelOfTheDashboardAsksForWhatIsThere() throws IOException {
        JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(FOLDER.resolve("grafana-pando.json")));
        Set<Integer> ids = new TreeSet<>();
        int queries = 0;
        for (JsonNode panel : dashboard.get("panels")) {
            assertThat(ids.add(panel.get("id").asInt())).as("ids are unique").isTrue();
            JsonNode place = panel.get("gridPos");
            assertThat(place.get("x").asInt() + place.get("w").asInt()).isLessThanOrEqualTo(24);
            if (panel.get("type").asString().equals("row")) {
                continue;
            }
            assertThat(panel.get("targets")).isNotEmpty();
            for (JsonNode target : panel.get("targets")) {
                queries++;
                assertThat(problems(target.get("expr").asString()))
                        .as(panel.get("title").asString())
                        .isEmpty();
            }
        }
        assertThat(queries).isGreaterThan(25);
        for (JsonNode variable : dashboard.get("templating").get("list")) {
            if (variable.get("type").asString().equals("query")) {
                String definition = variable.get("definition").asString();
                Matcher asked =
                        Pattern.compile("label_values\\((\\w+), (\\w+)\\)").matcher(definition);
                assertThat(asked.matches()).as(definition).isTrue();
                assertThat(told.get(asked.group(1))).as(definition).contains(asked.group(2));
            }
        }
    }

    @Test
    void aQueryForWhatIsNotThereIsFound() {
        assertThat(problems("rate(pando_statements_total[5m]) > 1")).contains("no metric pando_statements_total");
        assertThat(problems("pando_clients{database=\"app\"}")).contains("pando_clients has no label database");
        assertThat(problems("sum by (shard) (pando_clients)")).contains("no label shard");
        assertThat(problems("sum(pando_clients")).contains("parentheses");
        assertThat(problems("vector(1)")).contains("no metric at all");
    }
}
