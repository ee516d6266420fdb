package dev.pando.lint.fact;

import dev.pando.lab.oracle.FileChange;
import dev.pando.lab.oracle.IndexBuild;
import dev.pando.lab.oracle.LockMode;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.Outcome;
import dev.pando.lab.oracle.Relation;
import dev.pando.lab.oracle.RelationKind;
import dev.pando.lab.oracle.RelationLock;
import dev.pando.lab.oracle.TableRead;
import dev.pando.lint.fact.Work.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a statement did to tables that were there before the migration; what the migration made itself nobody else uses yet.
 *
 * @param locks of tables, partitioned tables, views and materialized views, the strongest first
 * @param cascade objects that went with others, as the server tells them
 * @param doubts why it may do more than it was seen to do
 */
public record Effect(
        Outcome outcome,
        List<RelationLock> locks,
        List<Work> work,
        List<String> cascade,
        boolean refusesTransaction,
        List<String> doubts) {
    /** Of a statement that changes how others are run, and nothing in the database. */
    public static final Effect NONE =
            new Effect(new Outcome.Observed(), List.of(), List.of(), List.of(), false, List.of());

    /** {@code own} are the qualified names of what the migration made itself and nobody else uses. */
    public static Effect of(Observation seen, List<String> cascade, Set<String> own, Sizes sizes, List<String> doubts) {
        return new Effect(
                seen.outcome(),
                locks(seen, own),
                work(seen, own, sizes),
                List.copyOf(cascade),
                seen.refusesTransaction(),
                List.copyOf(doubts));
    }

    /** Of a statement that nobody ran. */
    public static Effect unknown(String reason) {
        return new Effect(new Outcome.Unknown(reason), List.of(), List.of(), List.of(), false, List.of());
    }

    public Effect withoutWork() {
        return new Effect(outcome, locks, List.of(), cascade, refusesTransaction, doubts);
    }

    public Effect refusingTransaction() {
        return new Effect(outcome, locks, work, cascade, true, doubts);
    }

    private static List<RelationLock> locks(Observation seen, Set<String> own) {
        return seen.locks().stream()
                .filter(lock -> before(lock.relation(), own))
                .filter(lock -> switch (lock.relation().kind()) {
                    case TABLE, PARTITIONED_TABLE, VIEW, MATERIALIZED_VIEW, FOREIGN_TABLE -> true;
                    case INDEX, PARTITIONED_INDEX, SEQUENCE, COMPOSITE_TYPE -> false;
                })
                .sorted(Comparator.comparing(RelationLock::mode).reversed().thenComparing(RelationLock::role))
                .toList();
    }

    private static List<Work> work(Observation seen, Set<String> own, Sizes sizes) {
        List<Work> work = new ArrayList<>();
        for (FileChange file : seen.files()) {
            if (file.kind() == FileChange.Kind.REPLACED
                    && file.relation().kind().hasRows()) {
                add(work, Kind.REWRITE, file.relation(), 1, own, sizes);
            }
        }
        for (IndexBuild build : seen.builds()) {
            int times = (int) seen.builds().stream()
                    .filter(other -> other.table().equals(build.table()))
                    .count();
            add(work, Kind.INDEX_BUILD, build.table(), times, own, sizes);
        }
        for (TableRead read : seen.reads()) {
            add(work, Kind.SCAN, read.relation(), 1, own, sizes);
        }
        return List.copyOf(work);
    }

    /** A rewrite and a build read the table anyhow. */
    private static void add(List<Work> work, Kind kind, Relation table, int times, Set<String> own, Sizes sizes) {
        boolean counted = work.stream()
                .anyMatch(done -> done.table().equals(table) && (done.kind() == kind || kind == Kind.SCAN));
        if (!counted && before(table, own)) {
            work.add(new Work(kind, table, sizes.of(table), times));
        }
    }

    private static boolean before(Relation relation, Set<String> own) {
        return relation.existed() && !own.contains(relation.qualifiedName());
    }

    /** Whether what it does is what it was seen to do. */
    public boolean known() {
        return ran() && doubts.isEmpty();
    }

    /** Whether it ran to its end. */
    public boolean ran() {
        return outcome instanceof Outcome.Observed;
    }

    /** The strongest lock. */
    public Optional<LockMode> strongest() {
        return locks.stream().map(RelationLock::mode).findFirst();
    }

    public List<RelationLock> readBlocking() {
        return locks.stream().filter(lock -> lock.mode().blocksReads()).toList();
    }

    public List<RelationLock> writeBlocking() {
        return locks.stream()
                .filter(lock -> lock.mode().blocksReads() || (lock.mode().blocksWrites() && written(lock)))
                .toList();
    }

    /** Nobody but REFRESH writes to a materialized view. */
    private static boolean written(RelationLock lock) {
        return lock.relation().kind() != RelationKind.MATERIALIZED_VIEW;
    }

    public boolean does(Kind kind) {
        return work.stream().anyMatch(done -> done.kind() == kind);
    }
}
