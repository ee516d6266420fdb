package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Replies;
import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.ServerLink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
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
 * Listens at one server for all sessions, over a connection of its own. Owned by one event loop; sessions of other loops talk to it by
 * tasks.
 *
 * <p>What can go wrong is a notification that nobody hears. Therefore LISTEN is answered when the server has answered it, so everything
 * committed later comes; a server sends what it has been notified of before it says that it is ready, so whoever waits for the end of an
 * exchange has heard everything committed before it began; and a connection that is lost, or does not answer, is told to all who listen,
 * who are hung up on as they would be by a server that goes away.
 */
public final class SharedListener {
    private static final String NOTHING = ";";

    /** The connection below. */
    public interface Port {
        ByteBufAllocator allocator();

        /** Asks for a connection: {@link SharedListener#opened} or {@link SharedListener#failed} follows. */
        void open();

        /** Ends the connection; nothing is heard of it any more. */
        void close();
    }

    /** A session, as seen from here; compared by identity. */
    public interface Subscriber {
        void notified(Notification notification);

        /** Nothing more will come. */
        void lost(PandoException reason);
    }

    /** A statement that waits for the connection. */
    private record Request(Subscriber subscriber, List<String> channels, Consumer<@Nullable ErrorFields> then) {}

    private final Port port;
    private final String server;
    private final Map<String, Set<Subscriber>> subscribers = new HashMap<>();
    private final List<Request> waiting = new ArrayList<>();
    /** Who waits for the end of the exchange under way, and for the next one. */
    private List<Runnable> hearing = new ArrayList<>();

    private List<Runnable> hearingNext = new ArrayList<>();
    private boolean asked;
    private @Nullable ServerLink link;
    private boolean opening;
    private int unanswered;
    private boolean overdue;

    /** {@code server}: how people call it. */
    public SharedListener(String server, Port port) {
        this.server = server;
        this.port = port;
    }

    /** From the moment {@code then} runs with null, everything notified in these channels comes. */
    public void listen(Subscriber subscriber, Collection<String> channels, Consumer<@Nullable ErrorFields> then) {
        Request request = new Request(subscriber, List.copyOf(channels), then);
        channels.forEach(channel -> subscribers
                .computeIfAbsent(channel, none -> new LinkedHashSet<>())
                .add(subscriber));
        if (link != null) {
            send(link, request);
            return;
        }
        waiting.add(request);
        if (!opening) {
            opening = true;
            port.open();
        }
    }

    /** Nothing more of these channels. */
    public void unlisten(Subscriber subscriber, Collection<String> channels) {
        List<String> left = new ArrayList<>();
        for (String channel : channels) {
            Set<Subscriber> others = subscribers.get(channel);
            if (others != null && others.remove(subscriber) && others.isEmpty()) {
                subscribers.remove(channel);
                left.add("UNLISTEN " + Quote.identifier(channel));
            }
        }
        if (subscribers.isEmpty()) {
            end();
        } else if (link != null && !left.isEmpty()) {
            exchange(link, String.join("; ", left), error -> {});
        }
    }

    /** The session is over. */
    public void gone(Subscriber subscriber) {
        waiting.removeIf(request -> request.subscriber.equals(subscriber));
        unlisten(
                subscriber,
                subscribers.entrySet().stream()
                        .filter(entry -> entry.getValue().contains(subscriber))
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /** Runs {@code then} when everything has been handed over that was notified before. */
    public void heard(Runnable then) {
        if (link == null) {
            then.run();
        } else if (asked) {
            hearingNext.add(then);
        } else {
            hearing.add(then);
            ask(link);
        }
    }

    /** One exchange serves all who wait. */
    private void ask(ServerLink to) {
        asked = true;
        exchange(to, NOTHING, error -> {
            asked = false;
            List<Runnable> served = hearing;
            hearing = hearingNext;
            hearingNext = new ArrayList<>();
            ServerLink still = link;
            if (still == null) {
                served.addAll(hearing);
                hearing = new ArrayList<>();
            } else if (!hearing.isEmpty()) {
                ask(still);
            }
            served.forEach(Runnable::run);
        });
    }

    /** The connection is there. */
    public void opened(ServerLink opened) {
        opening = false;
        overdue = false;
        if (subscribers.isEmpty()) {
            waiting.clear();
            port.close();
            return;
        }
        link = opened;
        List<Request> due = List.copyOf(waiting);
        waiting.clear();
        due.forEach(request -> send(opened, request));
    }

    /** There is none to be had. */
    public void failed(PandoException reason) {
        opening = false;
        subscribers.clear();
        List<Request> refused = List.copyOf(waiting);
        waiting.clear();
        refused.forEach(request -> request.then.accept(ErrorFields.of(reason, false)));
    }

    /** A NotificationResponse; the caller keeps the frame. */
    public void notification(ByteBuf frame) {
        Notification notification = Notification.decode(frame);
        List.copyOf(subscribers.getOrDefault(notification.channel(), Set.of()))
                .forEach(subscriber -> subscriber.notified(notification));
    }

    /** The connection is gone, after {@link ServerLink#lost} has been told. */
    public void lost(String why) {
        if (link == null) {
            return;
        }
        link = null;
        PandoException reason = new PandoException(PandoError.LISTENER_LOST, server, why);
        Set<Subscriber> all = new LinkedHashSet<>();
        subscribers.values().forEach(all::addAll);
        subscribers.clear();
        all.forEach(subscriber -> subscriber.lost(reason));
    }

    /**
     * Looks whether the server still answers. To be called every few seconds; what was asked at one call and is not answered at the next
     * but one is not waited for any longer.
     */
    public void tick() {
        ServerLink asking = link;
        if (asking == null) {
            return;
        }
        if (unanswered > 0 && overdue) {
            port.close();
            asking.lost("it does not answer");
            lost("it does not answer");
            return;
        }
        overdue = unanswered > 0;
        heard(() -> overdue = false);
    }

    /** Channels that sessions listen to, for statistics. */
    public int channels() {
        return subscribers.size();
    }

    private void end() {
        ServerLink idle = link;
        if (idle != null) {
            link = null;
            port.close();
            idle.lost("nobody listens");
        }
    }

    private void send(ServerLink to, Request request) {
        List<String> statements = request.channels.stream()
                .map(channel -> "LISTEN " + Quote.identifier(channel))
                .toList();
        exchange(to, String.join("; ", statements), error -> {
            if (error != null) {
                unlisten(request.subscriber, request.channels);
            }
            request.then.accept(error);
        });
    }

    private void exchange(ServerLink to, String sql, Consumer<@Nullable ErrorFields> then) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        ByteBuf request = port.allocator().buffer(text.length + 6);
        request.writeByte('Q').writeInt(text.length + 5).writeBytes(text).writeByte(0);
        unanswered++;
        to.exchange(request, new Exchange(then));
    }

    private final class Exchange implements ReplyHandler {
        private final Consumer<@Nullable ErrorFields> then;
        private @Nullable ErrorFields error;

        Exchange(Consumer<@Nullable ErrorFields> then) {
            this.then = then;
        }

        @Override
        public void message(ServerLink from, byte type, ByteBuf frame) {
            if (type == 'E') {
                error = Replies.errorOf(frame);
            }
        }

        @Override
        public void ready(ServerLink from) {
            unanswered--;
            then.accept(error);
        }

        @Override
        public void lost(ServerLink from, String reason) {
            unanswered--;
            then.accept(ErrorFields.of(new PandoException(PandoError.LISTENER_LOST, server, reason), false));
        }
    }
}
