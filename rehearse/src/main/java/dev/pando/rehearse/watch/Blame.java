package dev.pando.rehearse.watch;

import dev.pando.lab.oracle.LockMode;
import org.jspecify.annotations.Nullable;

/**
 * Which statement of the migration somebody waited for.
 *
 * @param step that asked for the lock
 * @param during the last statement that ran meanwhile, which in a transaction may be a later one
 * @param mode of the lock; null when it is one of rows, or was given back too soon to be seen
 * @param granted whether the migration had the lock; otherwise it waited for it itself, and others behind it
 */
public record Blame(int step, int during, @Nullable LockMode mode, boolean granted) {
    Blame until(int later) {
        return new Blame(step, Math.max(during, later), mode, granted);
    }
}
