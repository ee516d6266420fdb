package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a session listens to, and what it has heard and its client has not. As on PostgreSQL, LISTEN and UNLISTEN count from COMMIT on, and
 * notifications reach the client between transactions only. The one connection that listens for all sessions is the port's affair.
 */
final class Listening {
    /** What may wait for a client that is in a transaction, or does not read. */
    static final int MOST_BYTES = 1 << 20;

    /** LISTEN, or UNLISTEN, of {@code channel}; UNLISTEN of all when that is null. */
    private record Change(boolean listens, @Nullable String channel) {}

    private final SessionPort port;
    private final Consumer<PandoException> fatal;
    private Set<String> channels = new LinkedHashSet<>();
    /** Heard already, since the COMMIT that makes them channels of the session is under way. */
    private Set<String> joining = Set.of();

    private final List<Change> changes = new ArrayList<>();
    private final Map<Long, Integer> savepoints = new HashMap<>();
    private final ArrayDeque<Notification> heard = new ArrayDeque<>(1);
    private long heardBytes;
    /** What listens was lost while COMMIT, of which this session would have listened, was under way. */
    private @Nullable PandoException lost;

    private boolean quiet = true;
    private boolean over;

    Listening(SessionPort port, Consumer<PandoException> fatal) {
        this.port = port;
        this.fatal = fatal;
    }

    boolean any() {
        return !channels.isEmpty();
    }

    List<String> channels() {
        return List.copyOf(channels);
    }

    /** Whether the transaction has said LISTEN or UNLISTEN. */
    boolean changing() {
        return !changes.isEmpty();
    }

    void listen(String channel) {
        changes.add(new Change(true, channel));
    }

    /** Of all when {@code channel} is null. */
    void unlisten(@Nullable String channel) {
        changes.add(new Change(false, channel));
    }

    /** A savepoint stands; its serial tells it from others. */
    void savepoint(long serial) {
        savepoints.put(serial, changes.size());
    }

    /** What came after the savepoint is undone. */
    void rolledBack(long serial) {
        int size = savepoints.getOrDefault(serial, 0);
        changes.subList(Math.min(size, changes.size()), changes.size()).clear();
    }

    /** Before COMMIT: new channels are heard from here on, so that nothing committed later is missed. Null when it may go on. */
    void prepare(Consumer<@Nullable ErrorFields> then) {
        Set<String> missing = changed();
        missing.removeAll(channels);
        if (missing.isEmpty()) {
            then.accept(null);
            return;
        }
        port.listen(missing, error -> {
            if (over) {
                return;
            }
            joining = error == null ? missing : Set.of();
            then.accept(error);
        });
    }

    /** The transaction is over. */
    void ended(boolean committed) {
        Set<String> now = committed ? changed() : channels;
        Set<String> before = new LinkedHashSet<>(channels);
        before.addAll(joining);
        before.removeAll(now);
        channels = now;
        joining = Set.of();
        lost = channels.isEmpty() ? null : lost;
        changes.clear();
        savepoints.clear();
        leave(before);
    }

    /** UNLISTEN *, at once. */
    void forgetAll() {
        Set<String> before = channels;
        channels = new LinkedHashSet<>();
        leave(before);
    }

    private void leave(Collection<String> left) {
        if (!left.isEmpty()) {
            port.unlisten(List.copyOf(left));
        }
        if (channels.isEmpty() && joining.isEmpty()) {
            heard.clear();
            heardBytes = 0;
        }
    }

    private Set<String> changed() {
        Set<String> after = new LinkedHashSet<>(channels);
        for (Change change : changes) {
            if (change.channel == null) {
                after.clear();
            } else if (change.listens) {
                after.add(change.channel);
            } else {
                after.remove(change.channel);
            }
        }
        return after;
    }

    /** The shared listener has heard something. */
    void notified(Notification notification) {
        if (over || !(channels.contains(notification.channel()) || joining.contains(notification.channel()))) {
            return;
        }
        heard.addLast(notification);
        heardBytes += notification.bytes();
        if (quiet && port.clientWritable()) {
            tell();
            port.flushClient();
        } else if (heardBytes > MOST_BYTES) {
            fatal.accept(new PandoException(PandoError.NOTIFICATIONS_UNREAD, heardBytes, MOST_BYTES));
        }
    }

    /** Nothing more will be heard. */
    void lost(PandoException reason) {
        if (any()) {
            fatal.accept(reason);
        } else if (!joining.isEmpty()) {
            lost = reason;
        }
    }

    /** The client has its ReadyForQuery. */
    void ready() {
        PandoException reason = lost;
        if (reason != null && any()) {
            lost = null;
            fatal.accept(reason);
        }
    }

    /** The client has sent something: from here on it is not told, until it is idle again. */
    void busy() {
        quiet = false;
    }

    /** The client is about to hear that the server is ready, and in no transaction. */
    void idle() {
        quiet = true;
        tell();
    }

    void clientWritable() {
        if (quiet && !heard.isEmpty()) {
            tell();
        }
    }

    private void tell() {
        if (heard.isEmpty()) {
            return;
        }
        ByteBuf out = port.allocator().buffer(256);
        for (Notification notification : heard) {
            if (channels.contains(notification.channel())) {
                notification.encode(out);
            }
        }
        heard.clear();
        heardBytes = 0;
        if (out.isReadable()) {
            port.toClient(out);
        } else {
            out.release();
        }
    }

    /** The client is gone. */
    void close() {
        over = true;
        heard.clear();
    }
}
