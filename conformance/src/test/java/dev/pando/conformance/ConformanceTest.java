package dev.pando.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.conformance.Difference.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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

    /** Where something else was said, by exchange. */
    private final Map<Exchange, Map<Party, Heard>> heard = new LinkedHashMap<>();

    private record Heard(Transcript expected, Transcript actual, List<String> difference) {}

    @Test
    void pandoSaysWhatPostgresSays() throws IOException, SQLException {
        List<Difference> reviewed = Difference.parse(Files.readString(LIST));
        List<Exchange> exchanges = Script.all().stream()
                .filter(exchange -> exchange.title().contains(ONLY))
                .toList();
        for (String mode : Party.MODES) {
            try (Servers servers = Servers.start(mode)) {
                for (Exchange exchange : exchanges) {
                    play(exchange, servers, Party.in(mode));
                }
            }
        }
        List<Difference> found = exchanges.stream()
                .filter(heard::containsKey)
                .flatMap(exchange -> differences(exchange, reviewed).stream())
                .toList();
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

    private void play(Exchange exchange, Servers servers, List<Party> parties) throws IOException {
        Transcript expected = Player.play(exchange, servers.plain());
        messages += expected.received();
        for (Party party : parties) {
            Transcript actual = Player.play(exchange, servers.of(party));
            List<String> difference = expected.difference(actual);
            if (!difference.isEmpty()) {
                heard.computeIfAbsent(exchange, first -> new EnumMap<>(Party.class))
                        .put(party, new Heard(expected, actual, difference));
            }
        }
    }

    /** Of one exchange: as many as there are different ones. */
    private List<Difference> differences(Exchange exchange, List<Difference> reviewed) {
        Map<Party, Heard> there = heard.getOrDefault(exchange, Map.of());
        Map<List<String>, Set<Party>> parties = new LinkedHashMap<>();
        there.forEach((party, said) -> parties.computeIfAbsent(said.difference(), first -> EnumSet.noneOf(Party.class))
                .add(party));
        List<Difference> found = new ArrayList<>();
        parties.forEach((lines, on) -> {
            Difference bare = new Difference(exchange.title(), on, Status.OPEN, Difference.UNREVIEWED, lines);
            Difference known = reviewed.stream()
                    .filter(one -> one.title().equals(bare.title()))
                    .filter(one -> one.on().equals(on) && one.lines().equals(lines))
                    .findFirst()
                    .orElse(null);
            found.add(known == null ? bare : known);
            if (known == null) {
                show(exchange, on, there.get(on.iterator().next()));
            }
        });
        return found;
    }

    private void show(Exchange exchange, Set<Party> on, @Nullable Heard said) {
        if (said != null) {
            shown.append("\n\n").append(exchange.title()).append('\n');
            shown.append(SideBySide.of(said.expected(), said.actual(), "PostgreSQL", Party.words(on)));
        }
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

    /** Keeps status and reason of what has only changed its lines, or is heard elsewhere too. */
    private static void rewrite(List<Difference> found) throws IOException {
        String old = Files.readString(LIST);
        List<Difference> reviewed = Difference.parse(old);
        String head = old.split("(?m)^(?=== )", 2)[0].strip();
        String entries = found.stream()
                .map(difference -> {
                    Difference known = reviewed.stream()
                            .filter(one -> one.title().equals(difference.title()))
                            .max(Comparator.comparingInt(one -> likeness(one, difference)))
                            .orElse(difference);
                    return new Difference(
                                    difference.title(),
                                    difference.on(),
                                    known.status(),
                                    known.why(),
                                    difference.lines())
                            .text();
                })
                .collect(Collectors.joining("\n"));
        Files.writeString(LIST, head + "\n\n" + entries);
    }

    private static int likeness(Difference one, Difference other) {
        return (one.lines().equals(other.lines()) ? 2 : 0) + (Collections.disjoint(one.on(), other.on()) ? 0 : 1);
    }
}
