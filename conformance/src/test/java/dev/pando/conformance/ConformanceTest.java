package dev.pando.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.conformance.Difference.Status;
import dev.pando.conformance.Difference.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Plays every script on PostgreSQL and on Pando and demands the same bytes, but for the reviewed differences. Run with
 * {@code -Dconformance.only=TEXT} for the exchanges whose title holds the text, and with {@code -Dconformance.rewrite=true} to bring the
 * list of differences to what they are: then give each new one its status and reason.
 */
class ConformanceTest {
    private static final Path LIST = Script.resource("differences.txt");
    private static final String ONLY = System.getProperty("conformance.only", "");

    private final StringBuilder shown = new StringBuilder();
    private long messages;

    @Test
    void pandoSaysWhatPostgresSays() throws IOException, SQLException {
        List<Difference> reviewed = Difference.parse(Files.readString(LIST));
        List<Exchange> exchanges = Script.all().stream()
                .filter(exchange -> exchange.title().contains(ONLY))
                .toList();
        List<Difference> found = new ArrayList<>();
        try (Servers servers = Servers.start()) {
            for (Exchange exchange : exchanges) {
                found.addAll(differences(exchange, servers, reviewed));
            }
        }
        System.out.printf(
                "%d exchanges, %d messages of PostgreSQL compared, %d differences%n",
                exchanges.size(), messages, found.size());
        if (Boolean.getBoolean("conformance.rewrite")) {
            rewrite(found);
        }
        List<Difference> vanished = reviewed.stream()
                .filter(difference -> difference.title().contains(ONLY))
                .filter(difference -> !found.contains(difference))
                .toList();

        assertThat(shown.toString()).as("new differences").isEmpty();
        assertThat(vanished).as("differences that are listed and are no more").isEmpty();
    }

    private List<Difference> differences(Exchange exchange, Servers servers, List<Difference> reviewed)
            throws IOException {
        Transcript expected = Player.play(exchange, servers.plain());
        Transcript one = Player.play(exchange, servers.one());
        Transcript three = Player.play(exchange, servers.three());
        messages += expected.received();
        List<Difference> found = new ArrayList<>();
        List<String> ofOne = expected.difference(one);
        List<String> ofThree = expected.difference(three);
        if (ofOne.equals(ofThree)) {
            note(exchange, Where.BOTH, ofOne, reviewed, found);
        } else {
            note(exchange, Where.ONE_SHARD, ofOne, reviewed, found);
            note(exchange, Where.THREE_SHARDS, ofThree, reviewed, found);
        }
        for (Difference difference : found) {
            if (!reviewed.contains(difference)) {
                boolean onThree = difference.where() == Where.THREE_SHARDS;
                show(exchange, expected, onThree ? three : one, onThree ? servers.three() : servers.one());
            }
        }
        return found;
    }

    private static void note(
            Exchange exchange, Where where, List<String> lines, List<Difference> reviewed, List<Difference> found) {
        if (!lines.isEmpty()) {
            Difference bare = new Difference(exchange.title(), where, Status.OPEN, Difference.UNREVIEWED, lines);
            found.add(reviewed.stream()
                    .filter(known -> known.title().equals(bare.title()))
                    .filter(known -> known.where() == where && known.lines().equals(lines))
                    .findFirst()
                    .orElse(bare));
        }
    }

    private void show(Exchange exchange, Transcript expected, Transcript actual, Server server) {
        shown.append("\n\n").append(exchange.title()).append('\n');
        shown.append(SideBySide.of(expected, actual, "PostgreSQL", server.name()));
    }

    @Test
    void everyReviewedDifferenceHasItsReason() throws IOException {
        Map<String, Long> exchanges =
                Script.all().stream().collect(Collectors.groupingBy(Exchange::title, Collectors.counting()));

        assertThat(Difference.parse(Files.readString(LIST))).allSatisfy(difference -> {
            assertThat(difference.why()).as(difference.title()).isNotEqualTo(Difference.UNREVIEWED);
            assertThat(difference.why()).as(difference.title()).matches("[A-Z`].*\\.");
            assertThat(exchanges).containsKey(difference.title());
        });
    }

    /** Keeps status and reason of what has only changed its lines. */
    private static void rewrite(List<Difference> found) throws IOException {
        String old = Files.readString(LIST);
        Map<String, Difference> reviewed = Difference.parse(old).stream()
                .collect(Collectors.toMap(
                        difference -> difference.title() + difference.where(),
                        Function.identity(),
                        (first, second) -> first,
                        TreeMap::new));
        String head = old.split("(?m)^(?=== )", 2)[0].strip();
        String entries = found.stream()
                .map(difference -> {
                    Difference known = reviewed.getOrDefault(difference.title() + difference.where(), difference);
                    return new Difference(
                                    difference.title(),
                                    difference.where(),
                                    known.status(),
                                    known.why(),
                                    difference.lines())
                            .text();
                })
                .collect(Collectors.joining("\n"));
        Files.writeString(LIST, head + "\n\n" + entries);
    }
}
