package dev.pando.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What one statement did on one server. Lists are sorted by name; all are empty unless the outcome is {@link Outcome.Observed}.
 *
 * @param locks locks of relations outside the catalogs; of two modes on one relation only the stronger, unless it lets something pass that
 *     the weaker keeps out
 * @param refusesTransaction whether it may not stand in a transaction block
 * @param waits what it waits for besides locks
 * @param notes the server's own words (DEBUG1), such as why it need not read a table
 */
public record Observation(
        Outcome outcome,
        List<RelationLock> locks,
        List<FileChange> files,
        List<IndexBuild> builds,
        List<TableRead> reads,
        boolean refusesTransaction,
        Set<Wait> waits,
        List<String> notes) {
    /** Of a statement that ran and touched no relation. */
    public static Observation nothing() {
        return without(new Outcome.Observed());
    }

    public static Observation failed(String sqlState, String message) {
        return without(new Outcome.Failed(sqlState, message));
    }

    /** Of a statement that nobody ran. */
    public static Observation unknown(String reason) {
        return without(new Outcome.Unknown(reason));
    }

    private static Observation without(Outcome outcome) {
        return new Observation(outcome, List.of(), List.of(), List.of(), List.of(), false, Set.of(), List.of());
    }

    public boolean observed() {
        return outcome instanceof Outcome.Observed;
    }

    /** In one line: what it did to relations that were there before, or that the server refused it. */
    public String words() {
        return switch (outcome) {
            case Outcome.Failed failed ->
                failed.sqlState().equals("42601") ? "no such syntax" : "refused: " + failed.message();
            case Outcome.Unknown ignored -> "unknown";
            case Outcome.Observed ignored -> facts();
        };
    }

    private String facts() {
        List<String> facts = new ArrayList<>();
        locks.stream()
                .filter(lock -> lock.relation().existed())
                .forEach(lock -> facts.add(lock.mode().serverName().replace("Lock", "") + " on "
                        + lock.relation().name()));
        files.forEach(file -> facts.add("new file of " + file.relation().name()));
        builds.forEach(build -> facts.add("builds " + build.index().name()));
        reads.forEach(read -> facts.add("reads " + read.relation().name()));
        return facts.isEmpty() ? "nothing" : String.join(", ", facts);
    }

    Observation inPhases(Set<Wait> seen) {
        return new Observation(outcome, locks, files, builds, reads, true, seen, notes);
    }
}
