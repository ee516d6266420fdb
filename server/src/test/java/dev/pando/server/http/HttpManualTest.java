package dev.pando.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/http.md to the code: every path, every key of every body, every bound. */
class HttpManualTest {
    private static final List<Class<?>> BODIES = List.of(
            StatsReport.class, StatementsReport.class, Routes.Health.class, Routes.Ready.class, Answer.ErrorBody.class);

    @Test
    void namesEveryPath() throws IOException {
        for (String path : Route.allPaths()) {
            assertThat(manual()).contains("`" + path + "`");
        }
    }

    @Test
    void explainsExactlyTheKeysThereAre() throws IOException {
        Set<String> keys = BODIES.stream()
                .flatMap(body -> Stream.concat(Stream.of(body), Arrays.stream(body.getDeclaredClasses())))
                .filter(Class::isRecord)
                .flatMap(body -> Arrays.stream(body.getRecordComponents()))
                .map(RecordComponent::getName)
                .map(name -> name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        // Explained in a sentence, not in a table.
        keys.remove("error");

        Set<String> explained = new TreeSet<>();
        for (String row :
                manual().lines().filter(line -> line.startsWith("| `")).toList()) {
            Pattern.compile("`([a-z_0-9]+)`")
                    .matcher(row.split("\\|", -1)[1])
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .forEach(explained::add);
        }
        explained.remove("error");
        explained.removeIf(name -> name.startsWith("pando_"));

        assertThat(explained).isEqualTo(keys);
        assertThat(manual()).contains("`error` (one line");
    }

    @Test
    void listsExactlyTheMetricsThereAre() throws IOException {
        List<String> rows = manual().lines()
                .filter(line -> line.startsWith("| `pando_"))
                .map(line -> String.join("|", List.of(line.split("\\|", -1)).subList(1, 4)))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(Metric.values())
                        .map(metric -> " `%s` | %s | %s "
                                .formatted(metric.title(), metric.type().word(), String.join(", ", metric.labels())))
                        .toList());
    }

    @Test
    void tellsTheBounds() throws IOException {
        assertThat(manual().replaceAll("\\s+", " "))
                .contains(
                        "At most " + HttpBounds.MOST_CONNECTIONS + " connections",
                        HttpHandling.MOST_AT_ONCE + " requests at once",
                        StatsCache.MOST_WAITING + 1 + " of them on the same statistics",
                        HttpBounds.HEADER_BYTES / 1024 + " kB",
                        HttpBounds.REQUEST_SECONDS + " s for a request to arrive");
    }

    private static String manual() throws IOException {
        return Files.readString(Path.of("..", "docs", "http.md"));
    }
}
