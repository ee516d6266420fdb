package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.ServerLink;

/**
 * A client's wish to have what runs cancelled. A request to a server travels on a connection of its own and may come late, so nothing new is
 * begun before it is over.
 */
final class Cancels {
    private final Leases leases;
    private final PlanRequests plans;

    Cancels(Leases leases, PlanRequests plans) {
        this.leases = leases;
        this.plans = plans;
    }

    /** Asks the servers that work for the session, and ends its waits. */
    void ask() {
        ErrorFields cancelled = ErrorFields.of("ERROR", "57014", "canceling statement due to user request");
        leases.participants().stream()
                .map(participant -> participant.link)
                .filter(link -> !link.idle() && !link.lost())
                .forEach(link -> link.cancel());
        if (!plans.cancel(cancelled)) {
            leases.cancelWait(new Failure(cancelled));
        }
    }

    /** Runs when no request is under way any more. */
    void over(Runnable then) {
        Participants all = leases.participants();
        for (int i = 0; i < all.size(); i++) {
            ServerLink link = all.at(i).link;
            if (link.cancelling()) {
                link.afterCancels(() -> over(then));
                return;
            }
        }
        then.run();
    }
}
