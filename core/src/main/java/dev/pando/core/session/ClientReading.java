package dev.pando.core.session;

import dev.pando.core.link.ServerLink;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Whether the client is read; owned by its session, and the only one to say so. It is not while the inbox is full, nor while one of the
 * servers that its COPY data goes to has no room. Each reason ends by itself, so none can undo another. A server's reason also ends with
 * the data: a server that is lost, or serves another session by then, would never tell of its room.
 */
final class ClientReading {
    private final Consumer<Boolean> reads;
    private final Set<ServerLink> full = new HashSet<>();
    private boolean inboxFull;
    private boolean reading = true;

    ClientReading(Consumer<Boolean> reads) {
        this.reads = reads;
    }

    void inboxFull(boolean now) {
        inboxFull = now;
        apply();
    }

    /** Data was sent there: stops until there is room for more. */
    void sentTo(ServerLink link) {
        if (!link.lost() && !link.wire().writable() && full.add(link)) {
            link.whenWritable(() -> {
                full.remove(link);
                apply();
            });
            apply();
        }
    }

    /** No more COPY data is passed on, since the statement succeeded, failed, or lost its server. */
    void dataOver() {
        forget();
        apply();
    }

    /** The client is gone. */
    void forget() {
        if (!full.isEmpty()) {
            full.forEach(link -> link.whenWritable(null));
            full.clear();
        }
    }

    private void apply() {
        boolean should = !inboxFull && full.isEmpty();
        if (should != reading) {
            reading = should;
            reads.accept(should);
        }
    }
}
