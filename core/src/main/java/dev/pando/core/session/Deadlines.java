package dev.pando.core.session;

import java.time.Duration;

/**
 * How long a client may take; zero for ever.
 *
 * @param clientIdle without a message, outside a transaction
 * @param idleTransaction without a message, within one
 * @param transaction from a transaction's first statement to its end
 * @param query to be answered
 * @param cancelWait from the cancellation of a query to its end
 */
public record Deadlines(
        Duration clientIdle, Duration idleTransaction, Duration transaction, Duration query, Duration cancelWait) {

    public static final Deadlines NONE =
            new Deadlines(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** Whether there is anything to watch. */
    public boolean any() {
        return !(clientIdle.isZero() && idleTransaction.isZero() && transaction.isZero() && query.isZero());
    }
}
