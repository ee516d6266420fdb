package dev.pando.core.session;

import java.util.List;

/** What a client was told of a transaction's outcome. */
enum Verdict {
    ALL,
    NONE,
    /** The client cannot know: but it must be one of the two. */
    EITHER,
    /** Its BEGIN failed by a fault, and what followed were transactions of their own. */
    ANY;

    /** By the answer that ends with the {@code segment}-th ReadyForQuery. */
    static Verdict of(Script script, int segment, boolean faults) {
        if (!script.mayHaveSent(segment)) {
            return NONE;
        }
        List<String> answer = script.answer(segment);
        if (answer.isEmpty() || !answer.getLast().startsWith("Z")) {
            return EITHER;
        }
        if (answer.stream().anyMatch(line -> line.startsWith("E 08007"))) {
            return EITHER;
        }
        if (faults && answer.contains("N 25P01")) {
            return ANY;
        }
        boolean failed = answer.stream().anyMatch(line -> line.startsWith("E ") || line.equals("C ROLLBACK"));
        return failed ? NONE : ALL;
    }
}
