package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.link.ServerLink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The real {@link SharedListener} over the simulated network: one connection to home, beside the pool. */
final class SimulatedListening implements SharedListener.Port {
    /** Longer than a stall, so that only a server that is gone does not answer between two of them. */
    private static final int TICK_MICROS = 30_000;

    private static final int TICKS = 12;

    private final World world;
    private final ModelServer home;
    private final SharedListener shared;
    private final List<Long> losses = new ArrayList<>();
    private @Nullable Connection connection;

    SimulatedListening(World world, ModelServer home) {
        this.world = world;
        this.home = home;
        this.shared = new SharedListener(home.shard().toString(), this);
    }

    SharedListener shared() {
        return shared;
    }

    /** When Pando has lost the connection, in the order of all that happens. */
    List<Long> losses() {
        return losses;
    }

    /** What is left of it; empty when nothing is. */
    String leftOpen() {
        boolean clean =
                connection == null && shared.channels() == 0 && !home.database().hasEars();
        return clean ? "" : (connection == null ? "no connection" : "a connection") + ", channels " + shared.channels();
    }

    @Override
    public ByteBufAllocator allocator() {
        return world.buffers();
    }

    @Override
    public void open() {
        world.agenda().after(world.chance().between(1, World.CONNECT_MICROS), () -> {
            if (world.collapsed()) {
                return;
            }
            if (!home.alive()) {
                shared.failed(new PandoException(
                        PandoError.SHARD_UNAVAILABLE, home.shard(), "nowhere", "connection refused"));
                return;
            }
            Connection opened = new Connection();
            connection = opened;
            tick(opened, TICKS);
            shared.opened(opened.link);
        });
    }

    private void tick(Connection of, int left) {
        world.agenda().after(TICK_MICROS, () -> {
            if (of == connection && left > 0 && !world.collapsed()) {
                shared.tick();
                tick(of, left - 1);
            }
        });
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            if (shared.channels() > 0) {
                givenUp(open);
            }
            open.close();
        }
    }

    /** Those who listen are not asked: it must have been silent. */
    private void givenUp(Connection open) {
        world.say("the listening connection is given up");
        losses.add(world.stamp());
        if (!open.vanished) {
            throw new World.Violation("the listening connection was given up although its server answers");
        }
    }

    void serverDies() {
        with(Connection::serverDies);
    }

    void clientDies() {
        with(open -> open.up.end());
    }

    /** A fault of the network, by chance. */
    void strike(World.Network network) {
        Chance chance = world.chance();
        with(open -> {
            world.say("the listening connection is struck");
            if (network.stalls() && chance.oneIn(3)) {
                (chance.oneIn(2) ? open.up : open.down).stall(TICK_MICROS / 2);
            } else if (network.halfOpen() && chance.oneIn(2)) {
                open.vanishes(chance.oneIn(2));
            } else {
                open.up.cut();
                open.down.cut();
            }
        });
    }

    private void with(Consumer<Connection> action) {
        Connection open = connection;
        if (open != null) {
            action.accept(open);
        }
    }

    private final class Connection implements ServerLink.Wire {
        private final ServerLink link;
        private final ModelBackend backend;
        private final ByteStream up;
        private final ByteStream down;
        private final Frames frames = new Frames();
        private final ByteArrayOutputStream unflushed = new ByteArrayOutputStream();
        private boolean vanished;

        Connection() {
            Chance chance = world.chance();
            link = new ServerLink(home.shard(), this);
            down = new ByteStream(world, chance.of(20, 200, 1_500), this::fromServer, this::atEnd);
            backend = new ModelBackend(home.database(), world.agenda()::after, down::send);
            up = new ByteStream(world, chance.of(20, 200, 1_500), this::toServer, backend::end);
        }

        private void toServer(byte[] bytes) {
            world.say(home.shard() + " hears from the listener " + SimulatedLink.messages(bytes));
            backend.receive(bytes);
        }

        private void fromServer(byte[] bytes) {
            world.say("the listener hears " + SimulatedLink.messages(bytes));
            for (byte[] frame : frames.add(bytes)) {
                if (world.collapsed() || connection != this) {
                    return;
                }
                ByteBuf buffer = world.buffers().of(frame);
                try {
                    if (frame[0] == 'A') {
                        shared.notification(buffer);
                    } else {
                        link.message(frame[0], buffer);
                    }
                } finally {
                    buffer.release();
                }
            }
        }

        private void atEnd() {
            if (connection == this && !world.collapsed()) {
                world.say("the listening connection is lost");
                losses.add(world.stamp());
                link.lost("server closed the connection");
                connection = null;
                shared.lost(link.lossReason());
            }
        }

        private void close() {
            up.send(new byte[] {'X', 0, 0, 0, 4});
            up.end();
        }

        private void serverDies() {
            backend.die();
            up.silence();
            down.cut();
        }

        /** The server's machine is gone, or only the way to it; {@code told}: keepalive finds out before {@link SharedListener#tick}. */
        private void vanishes(boolean told) {
            vanished = true;
            backend.die();
            up.vanish();
            down.vanish();
            if (told) {
                world.agenda().after(World.KEEPALIVE_MICROS / 4, this::atEnd);
            }
        }

        @Override
        public ByteBufAllocator allocator() {
            return world.buffers();
        }

        @Override
        public void write(ByteBuf message) {
            byte[] bytes = new byte[message.readableBytes()];
            message.readBytes(bytes);
            message.release();
            unflushed.writeBytes(bytes);
        }

        @Override
        public void flush() {
            up.send(unflushed.toByteArray());
            unflushed.reset();
        }

        @Override
        public void reading(boolean on) {
            down.reading(on);
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void breakOff(PandoException reason) {
            throw new World.Violation("the listening connection is broken off: " + reason.getMessage());
        }

        @Override
        public void cancel(Consumer<Boolean> over) {
            throw new World.Violation("what listens is cancelled");
        }
    }
}
