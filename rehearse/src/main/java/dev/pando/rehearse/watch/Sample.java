package dev.pando.rehearse.watch;

import dev.pando.lab.oracle.LockMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server said of locks at one moment.
 *
 * @param at nanoseconds since the traffic began
 * @param step number of the migration's statement that ran
 * @param held locks of tables that the migration holds or waits for
 */
public record Sample(long at, int step, List<Waiter> waiters, List<Held> held) {
    public Sample {
        waiters = List.copyOf(waiters);
        held = List.copyOf(held);
    }

    /**
     * A session that waits for a lock.
     *
     * @param relation the table, empty when it waits for the end of a transaction and its table is not known
     * @param mode null for locks of other things than tables
     * @param since when it began to wait, in microseconds of the server's clock
     * @param waited microseconds
     * @param blockers processes it waits for, those before it in the queue included
     */
    public record Waiter(
            int pid, String relation, @Nullable LockMode mode, long since, long waited, List<Integer> blockers) {
        public Waiter {
            blockers = List.copyOf(blockers);
        }

        Waiter on(String table) {
            return new Waiter(pid, table, mode, since, waited, blockers);
        }
    }

    public record Held(String relation, LockMode mode) {}
}
