package dev.pando.rehearse.watch;

import dev.pando.lab.oracle.LockMode;
import dev.pando.rehearse.watch.Sample.Held;
import dev.pando.rehearse.watch.Sample.Waiter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes of many samples who waited how long for the migration. Belongs to one thread. */
public final class Waits {
    public static final int MOST_EPISODES = 1_000_000;

    private final int migration;
    private final int most;
    private final Map<Held, Integer> firstSeen = new HashMap<>();
    private final Map<Episode, Seen> episodes = new LinkedHashMap<>();
    /** Of those that are not among the episodes, the longest of each table. */
    private final Map<String, Seen> beyond = new LinkedHashMap<>();

    private final Map<String, Integer> queues = new LinkedHashMap<>();
    private final Map<Integer, Map<Long, Long>> own = new HashMap<>();
    private final List<Depth> depths = new ArrayList<>();

    /** One wait of one session: no other begins at the same microsecond in the same process. */
    private record Episode(int pid, long since) {}

    private record Seen(String relation, long waited, Blame blame) {}

    /**
     * How many sessions waited for the migration at a moment.
     *
     * @param steps how many of them because of which statement
     */
    public record Depth(long at, Map<Integer, Integer> steps) {
        public Depth {
            steps = Map.copyOf(steps);
        }

        public int waiting() {
            return steps.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** @param migration process id of the session that runs the migration */
    public Waits(int migration) {
        this(migration, MOST_EPISODES);
    }

    Waits(int migration, int most) {
        this.migration = migration;
        this.most = most;
    }

    public void add(Sample sample) {
        firstSeen.keySet().retainAll(new HashSet<>(sample.held()));
        sample.held().forEach(held -> firstSeen.putIfAbsent(held, sample.step()));
        Map<Integer, Waiter> waiters = new HashMap<>();
        sample.waiters().forEach(waiter -> waiters.put(waiter.pid(), waiter));
        Waiter mine = waiters.get(migration);
        if (mine != null) {
            own.computeIfAbsent(sample.step(), step -> new HashMap<>()).merge(mine.since(), mine.waited(), Math::max);
        }
        Map<String, Integer> now = new HashMap<>();
        Map<Integer, Integer> steps = new HashMap<>();
        for (Waiter waiter : sample.waiters()) {
            if (waiter.pid() != migration && leadsToMigration(waiter, waiters, new HashSet<>())) {
                Blame blame = blame(waiter, mine, sample.step());
                now.merge(waiter.relation(), 1, Integer::sum);
                steps.merge(blame.step(), 1, Integer::sum);
                note(waiter, blame);
            }
        }
        now.forEach((relation, depth) -> queues.merge(relation, depth, Math::max));
        depths.add(new Depth(sample.at(), steps));
    }

    private boolean leadsToMigration(Waiter waiter, Map<Integer, Waiter> waiters, Set<Integer> seen) {
        for (int blocker : waiter.blockers()) {
            if (blocker == migration) {
                return true;
            }
            Waiter next = waiters.get(blocker);
            if (next != null && seen.add(blocker) && leadsToMigration(next, waiters, seen)) {
                return true;
            }
        }
        return false;
    }

    private void note(Waiter waiter, Blame blame) {
        Episode episode = new Episode(waiter.pid(), waiter.since());
        Seen seen = new Seen(waiter.relation(), waiter.waited(), blame);
        if (episodes.size() < most || episodes.containsKey(episode)) {
            episodes.merge(
                    episode,
                    seen,
                    (before, after) -> new Seen(
                            before.relation(),
                            Math.max(before.waited(), after.waited()),
                            before.blame().until(after.blame().during())));
        } else {
            beyond.merge(seen.relation(), seen, (before, after) -> after.waited() > before.waited() ? after : before);
        }
    }

    /** The strongest of the migration's locks on that table which the waiter cannot share. */
    private Blame blame(Waiter waiter, @Nullable Waiter mine, int step) {
        LockMode wanted = waiter.mode();
        Held cause = firstSeen.keySet().stream()
                .filter(held -> held.relation().equals(waiter.relation()))
                .filter(held -> wanted != null && held.mode().conflictsWith(wanted))
                .max(Comparator.comparing(Held::mode))
                .orElse(null);
        if (cause == null) {
            return new Blame(step, step, null, mine == null);
        }
        boolean waits =
                mine != null && cause.mode() == mine.mode() && cause.relation().equals(mine.relation());
        return new Blame(firstSeen.getOrDefault(cause, step), step, cause.mode(), !waits);
    }

    /** Microseconds that the migration's statement waited itself. */
    public long own(int step) {
        return own.getOrDefault(step, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Whether there were more waits than are counted; of the others the longest of each table is. */
    public boolean more() {
        return !beyond.isEmpty();
    }

    /** Those that waited longest first. */
    public List<RelationWait> relations() {
        Map<String, List<Seen>> byRelation = new LinkedHashMap<>();
        Stream.concat(episodes.values().stream(), beyond.values().stream())
                .forEach(seen -> byRelation
                        .computeIfAbsent(seen.relation(), relation -> new ArrayList<>())
                        .add(seen));
        List<RelationWait> all = new ArrayList<>();
        byRelation.forEach((relation, seen) -> {
            seen.sort(Comparator.comparingLong(Seen::waited));
            Seen worst = seen.getLast();
            long p99 = seen.get((int) Math.ceil(seen.size() * 0.99) - 1).waited();
            all.add(new RelationWait(
                    relation, seen.size(), worst.waited(), p99, queues.getOrDefault(relation, 0), worst.blame()));
        });
        all.sort(Comparator.comparingLong(RelationWait::longest).reversed());
        return all;
    }

    public List<Depth> depths() {
        return List.copyOf(depths);
    }
}
