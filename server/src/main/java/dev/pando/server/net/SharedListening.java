package dev.pando.server.net;

import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.session.Notification;
import dev.pando.core.session.Session;
import dev.pando.core.session.SharedListener;
import dev.pando.core.topology.ShardId;
import dev.pando.server.auth.Identity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connection to home that listens for all clients, beside the pools. It logs in as whoever listens first: notifications know no
 * privileges. Owned by one event loop; clients of all loops call, and what they are told comes to their own loops in order.
 */
final class SharedListening implements SharedListener.Port, ServerConnection.Owner {
    private static final long LOOK_SECONDS = 5;

    private final DatabaseServers servers;
    private final SharedListener shared;
    private @Nullable Future<?> ticking;
    private @Nullable ServerConnection connection;
    private @Nullable Identity first;

    SharedListening(DatabaseServers servers) {
        this.servers = servers;
        this.shared = new SharedListener(
                servers.database().topology().shard(ShardId.HOME).name(), this);
    }

    /** One client's way to here and back. */
    final class Ear implements SharedListener.Subscriber {
        private final LoopServers home;
        private final Supplier<@Nullable Session> session;
        private final Identity identity;
        private boolean used;

        Ear(LoopServers home, Supplier<@Nullable Session> session, Identity identity) {
            this.home = home;
            this.session = session;
            this.identity = identity;
        }

        void listen(Collection<String> channels, Consumer<@Nullable ErrorFields> then) {
            used = true;
            there(() -> {
                first = identity;
                shared.listen(this, channels, error -> back(() -> then.accept(error)));
            });
        }

        void unlisten(Collection<String> channels) {
            List<String> left = List.copyOf(channels);
            there(() -> shared.unlisten(this, left));
        }

        void heard(Runnable then) {
            there(() -> shared.heard(() -> back(then)));
        }

        /** The client is gone. */
        void close() {
            if (used) {
                there(() -> shared.gone(this));
            }
        }

        @Override
        public void notified(Notification notification) {
            back(() -> with(listener -> listener.notified(notification)));
        }

        @Override
        public void lost(PandoException reason) {
            back(() -> with(listener -> listener.listenerLost(reason)));
        }

        private void with(Consumer<Session> action) {
            Session listener = session.get();
            if (listener != null) {
                action.accept(listener);
            }
        }

        private void there(Runnable action) {
            servers.loop().loop().execute(() -> contained(servers.loop(), action));
        }

        private void back(Runnable action) {
            home.loop().execute(() -> contained(home, action));
        }
    }

    private static void contained(LoopServers where, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException bug) {
            where.unexpected(bug);
        }
    }

    @Override
    public ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void open() {
        ServerConnection opening = servers.connectApart(Objects.requireNonNull(first), ServerConnection.POOLED, this);
        opening.hears(shared::notification);
        connection = opening;
    }

    @Override
    public void close() {
        ServerConnection open = connection;
        connection = null;
        if (open != null) {
            gone(open);
            open.close();
        }
    }

    private void gone(ServerConnection over) {
        servers.apart(over, false);
        if (ticking != null) {
            ticking.cancel(false);
            ticking = null;
        }
    }

    @Override
    public void opened(ServerConnection opened) {
        servers.apart(opened, true);
        ticking = servers.loop()
                .loop()
                .scheduleAtFixedRate(
                        () -> contained(servers.loop(), shared::tick), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        shared.opened(opened.link());
    }

    @Override
    public void failed(ServerConnection failed, PandoException reason) {
        connection = null;
        shared.failed(reason);
    }

    /** No session has it. */
    @Override
    public void released(ServerConnection released, boolean reusable) {
        lost(released);
    }

    @Override
    public void lost(ServerConnection lost) {
        if (lost == connection) {
            gone(lost);
            connection = null;
            shared.lost(lost.link().lossReason());
        }
    }
}
