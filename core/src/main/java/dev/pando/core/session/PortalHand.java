package dev.pando.core.session;

import org.jspecify.annotations.Nullable;

/** Hands rows to who executes a portal: they go out as they come, and then the client hears whether there may be more. */
class PortalHand implements Scatter.Hand {
    private final SessionPort port;
    private final Replier replier;

    PortalHand(SessionPort port, Replier replier) {
        this.port = port;
        this.replier = replier;
    }

    @Override
    public final boolean shows(long row) {
        return true;
    }

    @Override
    public final @Nullable HeldRows keeps() {
        return null;
    }

    @Override
    public void over(long rows, boolean full, Operation.Outcome told) {
        if (full) {
            port.watch().rows(rows);
            replier.bare('s');
        } else {
            replier.complete("SELECT " + rows);
        }
        told.done();
    }
}
