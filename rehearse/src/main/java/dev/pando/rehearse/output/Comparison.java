package dev.pando.rehearse.output;

import java.util.List;

/**
 * Two ways to the same end, rehearsed on the same copy under the same traffic.
 *
 * @param differences names of what the two leave behind in different ways
 */
public record Comparison(Named one, Named other, List<String> differences) {
    /** So much longer, or shorter, a wait may be for no reason. */
    private static final double NOISE = 1.5;

    public record Named(String name, Report report) {}

    /** Which one disturbs others less. */
    public enum Better {
        ONE,
        OTHER,
        NEITHER
    }

    public Comparison {
        differences = List.copyOf(differences);
    }

    /** What passes is better than what does not; then what fails less is; then what lets others wait clearly less long. */
    public Better better() {
        Report left = one.report();
        Report right = other.report();
        if (left.passed() != right.passed()) {
            return left.passed() ? Better.ONE : Better.OTHER;
        }
        if (left.passed()) {
            return Better.NEITHER;
        }
        if (left.migrated() != right.migrated()) {
            return left.migrated() ? Better.ONE : Better.OTHER;
        }
        if (left.failures().isEmpty() != right.failures().isEmpty()) {
            return left.failures().isEmpty() ? Better.ONE : Better.OTHER;
        }
        double shorter = Math.max(left.budget(), Math.min(left.longest(), right.longest()));
        if (Math.max(left.longest(), right.longest()) <= shorter * NOISE) {
            return Better.NEITHER;
        }
        return left.longest() < right.longest() ? Better.ONE : Better.OTHER;
    }
}
