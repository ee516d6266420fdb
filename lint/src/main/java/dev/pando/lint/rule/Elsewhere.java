package dev.pando.lint.rule;

import dev.pando.lint.fact.LockLine;
import dev.pando.lint.fact.Reach;
import dev.pando.lint.fact.Step;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a change of rows does by way of foreign keys, in tables that are more than a batch. */
final class Elsewhere {
    private static final int MOST_TOLD = 5;
    private static final String USUAL_SCHEMA = "public.";

    private Elsewhere() {}

    static boolean many(Step step) {
        return step.reached().stream()
                .anyMatch(reach -> !Dml.small(reach.bytes()) && (reach.action().changes() || !reach.indexed()));
    }

    /** In one sentence, what is wanted of it; empty when there is none. */
    static Optional<String> told(Step step, Predicate<Reach> wanted, Function<Reach, String> words) {
        List<String> all = step.reached().stream()
                .filter(reach -> wanted.test(reach) && !Dml.small(reach.bytes()))
                .map(words)
                .distinct()
                .toList();
        String told = all.stream().limit(MOST_TOLD).collect(Collectors.joining("; "));
        int more = all.size() - MOST_TOLD;
        return all.isEmpty() ? Optional.empty() : Optional.of(more <= 0 ? told : told + "; and " + more + " more");
    }

    /** The schema left out where it is {@code public}. */
    static String table(String qualified) {
        return qualified.startsWith(USUAL_SCHEMA) ? qualified.substring(USUAL_SCHEMA.length()) : qualified;
    }

    static String sized(Reach reach) {
        String table = table(reach.key().table());
        return reach.bytes().isPresent()
                ? table + " (" + LockLine.bytes(reach.bytes().getAsLong()) + ")"
                : table;
    }
}
