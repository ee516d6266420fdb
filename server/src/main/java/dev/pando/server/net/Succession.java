package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as one in a line: it takes over from the one before ({@link Predecessor}), and makes room for the one after ({@link Handover}).
 * Says who listens, so all that opens or closes the listening sockets once they are there goes through here.
 *
 * <p>What can go wrong: the next process dies and this one comes back, which takes up to seconds, while it is told to end itself; it would
 * listen on although it departs, or on event loops that have ended. What we do: coming back and whatever ends listening wait for each
 * other. Why it suffices: who comes back has called the departure off before, under the same lock, so an end that is asked for later also
 * closes later, and one that was asked for earlier cannot be called off.
 */
public final class Succession {
    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

    private final Endpoint endpoint;
    private final Transport transport;
    private final Listeners listeners;
    private final @Nullable Predecessor predecessor;
    /** Held while listening sockets are opened or closed. Never taken by an event loop. */
    private final Object taking = new Object();

    private boolean closed;
    private volatile @Nullable Handover handover;
    private volatile Runnable onDeparture = () -> {};
    private volatile Runnable onReturn = () -> {};

    Succession(Endpoint endpoint, Transport transport, Listeners listeners, @Nullable Predecessor predecessor) {
        this.endpoint = endpoint;
        this.transport = transport;
        this.listeners = listeners;
        this.predecessor = predecessor;
    }

    /** The process before this one stops listening. Blocks until it has; from then on there is no way back. */
    public void succeed() {
        if (predecessor != null) {
            predecessor.depart();
            listeners.own();
        }
    }

    /** From now on the next process may take over at this file. */
    public void handOverAt(Path file) {
        if (!transport.epoll()) {
            throw new PandoException(PandoError.CONFIG_INVALID, "restart.socket: a takeover is possible on Linux only");
        }
        handover = new Handover(transport, file, this);
    }

    /** What else has to make room when the next process has taken over; may block. */
    public void onDeparture(Runnable action) {
        onDeparture = action;
    }

    /** What was made room for is gone, and this process serves again; may block. */
    public void onReturn(Runnable action) {
        onReturn = action;
    }

    /** Of what this process listens on. */
    List<Integer> descriptors() {
        return listeners.descriptors();
    }

    List<Integer> connectionsToOlder() {
        return predecessor == null ? List.of() : predecessor.connections();
    }

    /** For a client of this process, if it is for any. */
    void cancel(int id, byte[] secret) {
        endpoint.cancelOwn(id, secret, () -> {});
    }

    /** The next process accepts clients: this one stops, and goes when its own have left. Blocks until it has stopped listening. */
    void departed() {
        synchronized (taking) {
            listeners.close();
            onDeparture.run();
            endpoint.departure().makeRoom();
        }
    }

    /** The next process, and every later one, ends because it was told to: nobody is to serve here any more. */
    void settle() {
        endpoint.departure().settle();
    }

    /** The next process is gone, and was not told to go: this one listens again, unless it was told to end or somebody else listens. */
    void returns(Path file) {
        synchronized (taking) {
            if (closed || !endpoint.departure().callOff()) {
                return;
            }
            try {
                listeners.reopen();
                handOverAt(file);
                LOG.error("the process that took over has died: this one serves again");
            } catch (RuntimeException e) {
                LOG.error("the process that took over has died, and this one cannot serve again: {}", e.toString());
                listeners.close();
                endpoint.departure().makeRoom();
                return;
            }
            onReturn.run();
        }
    }

    /** This process ends because it was told to. Those before it are told, too: they would take it for dead, and listen again. */
    public void farewell() {
        // Who is coming back is not replaced any more, and says so when that is done.
        synchronized (taking) {
            Handover given = handover;
            if (predecessor != null && (given == null || !given.handedOver())) {
                predecessor.farewell();
            }
        }
    }

    /** As {@link #farewell}, and listens no more. */
    void leave() {
        synchronized (taking) {
            farewell();
            listeners.close();
        }
    }

    /** Nobody takes over any more, and nobody comes in. */
    void close() {
        synchronized (taking) {
            closed = true;
            if (handover != null) {
                handover.close();
            }
            listeners.close();
        }
    }

    /** Whether another process of the same node's name may serve beside this one: one before it, or the one after. */
    public boolean beside() {
        Handover given = handover;
        return (given != null && given.given()) || (predecessor != null && predecessor.alive());
    }
}
