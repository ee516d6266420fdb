package dev.pando.lint.fact;

import java.util.HashSet;
import java.util.Set;

/**
 * The variables of the code around a statement, and the loops.
 *
 * @param all their names
 * @param loop whether it stands in one
 * @param varying those that a pass of the loop gives another value
 * @param piles whether any number of passes share a transaction, so that what each changes adds up
 */
public record Variables(Set<String> all, boolean loop, Set<String> varying, boolean piles) {
    public static final Variables NONE = new Variables(Set.of(), false, Set.of(), false);

    public Variables {
        all = Set.copyOf(all);
        varying = Set.copyOf(varying);
    }

    /** In a loop that assigns some of them. */
    public Variables looping(Set<String> assigned, boolean committing, boolean few) {
        Set<String> both = new HashSet<>(varying);
        both.addAll(assigned);
        return new Variables(all, true, both, !committing && (piles || !few));
    }

    /** In code that is called, or made, here. */
    public Variables within(Set<String> others, Set<String> given, boolean committing) {
        return new Variables(others, loop, loop ? given : Set.of(), piles && !committing);
    }
}
