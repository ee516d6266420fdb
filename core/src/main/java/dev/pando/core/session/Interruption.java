package dev.pando.core.session;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A simple query or a function call, perhaps in the middle of a batch: all that came before is brought to its end first. There is one at
 * a time, so its steps are made once per session.
 */
final class Interruption {
    /** What runs then; it is told whether it joins the batch's implicit transaction. */
    interface Query {
        void run(boolean joins);
    }

    private final ExtendedProtocol extended;
    private final Batch batch;
    private final Prepared prepared;
    private @Nullable Query query;
    private final Runnable announce = this::announce;
    private final Runnable free = this::free;
    private final Runnable run = this::run;

    Interruption(ExtendedProtocol extended, Batch batch, Prepared prepared) {
        this.extended = extended;
        this.batch = batch;
        this.prepared = prepared;
    }

    void by(Query by) {
        query = by;
        extended.step(announce);
    }

    /** One that came behind an error is never run. */
    void forget() {
        query = null;
    }

    private void announce() {
        batch.announce(free);
    }

    private void free() {
        extended.freed("", run);
    }

    private void run() {
        Query next = Objects.requireNonNull(query);
        query = null;
        prepared.forgetUnnamed();
        batch.interrupt(next);
    }
}
