package dev.pando.core.session;

import dev.pando.base.error.PandoException;
import dev.pando.core.link.ServerLink;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection to a model server over the simulated network, which watches that its link is used as promised. */
final class SimulatedLink implements ServerLink.Wire {
    private static final int HIGH = 2_000;

    private final World world;
    private final ModelServer server;
    private final ServerLink link;
    private final ModelBackend backend;
    private final ByteStream up;
    private final ByteStream down;
    private final Frames frames = new Frames();
    private final Frames heard = new Frames();
    private final ByteArrayOutputStream unflushed = new ByteArrayOutputStream();
    private @Nullable SimulatedClient owner;
    private boolean closed;
    private boolean full;
    private boolean probing;

    SimulatedLink(World world, ModelServer server) {
        this.world = world;
        this.server = server;
        this.link = new ServerLink(server.shard(), this);
        Chance chance = world.chance();
        this.down = new ByteStream(world, chance.of(20, 200, 1_500), this::fromServer, this::atEnd);
        this.backend = new ModelBackend(server.database(), world.agenda()::after, down::send);
        this.up = new ByteStream(world, chance.of(20, 200, 1_500), this::toServer, backend::end);
        server.connections().add(this);
    }

    ServerLink link() {
        return link;
    }

    ShardId shard() {
        return server.shard();
    }

    java.util.Set<String> openPortals() {
        return backend.openPortals();
    }

    boolean closed() {
        return closed;
    }

    @Nullable
    SimulatedClient owner() {
        return owner;
    }

    void leasedTo(SimulatedClient client) {
        if (owner != null) {
            throw new World.Violation("a connection to " + shard() + " is leased to two sessions");
        }
        owner = client;
    }

    /** The pool wants to know whether the server still answers. */
    void probe(Consumer<Boolean> answered) {
        if (owner != null) {
            throw new World.Violation("a leased connection to " + shard() + " is tried");
        }
        probing = true;
        link.probe(world.buffers().buffer(8), alive -> {
            probing = false;
            answered.accept(alive);
        });
    }

    boolean dead() {
        return backend.dead();
    }

    /** What is left open on the server when nobody has the connection; empty when nothing is. */
    String leftOpen() {
        ModelSession session = backend.session();
        boolean idle = session.state() == ModelSession.State.NONE && backend.quiet();
        return idle && !session.locks() ? "" : session.state() + (session.locks() ? " with locks" : "");
    }

    /** The lease ends; what another session may get must be clean. */
    void released(boolean reusable) {
        owner = null;
        if (reusable && !backend.dead() && server.alive()) {
            requireClean();
        }
    }

    private void requireClean() {
        ModelSession session = backend.session();
        if (session.state() != ModelSession.State.NONE || !backend.quiet() || !onlyForgottenCopyData()) {
            throw new World.Violation("released in the middle of something: " + session.state());
        }
        if (session.locks()) {
            throw new World.Violation("released with locks of its session");
        }
        Map<String, String> known = new HashMap<>();
        link.settings()
                .forEach((name, sql) -> known.put(name, ModelSql.parse(sql).group(2)));
        if (!known.equals(session.settings())) {
            throw new World.Violation("link thinks its settings are " + known + " but they are " + session.settings());
        }
        if (!link.preparedNames().equals(backend.preparedNames())) {
            throw new World.Violation(
                    "link thinks " + link.preparedNames() + " are prepared but it is " + backend.preparedNames());
        }
    }

    /** Whole COPY messages may be under way still: a server that failed the COPY before they came drops them, as the manual says. */
    private boolean onlyForgottenCopyData() {
        Frames arriving = new Frames();
        List<byte[]> whole = new ArrayList<>(arriving.add(heard.rest()));
        whole.addAll(arriving.add(up.underWay()));
        whole.addAll(arriving.add(unflushed.toByteArray()));
        return arriving.rest().length == 0 && whole.stream().allMatch(frame -> "dcf".indexOf(frame[0]) >= 0);
    }

    private void toServer(byte[] bytes) {
        world.say(shard() + " hears " + messages(bytes));
        heard.add(bytes).forEach(frame -> backend.receive(server.understood(frame)));
        if (full && up.waiting() < HIGH / 2) {
            full = false;
            guarded(link::writableAgain);
        }
    }

    private void fromServer(byte[] bytes) {
        world.say(owner + " hears from " + shard() + " " + messages(bytes));
        for (byte[] frame : frames.add(bytes)) {
            if (world.collapsed()) {
                return;
            }
            ByteBuf buffer = world.buffers().of(frame);
            try {
                guarded(() -> link.message(frame[0], buffer));
            } finally {
                buffer.release();
            }
        }
        SimulatedClient client = owner;
        if (client != null) {
            client.flushClient();
        }
    }

    /** Letters and names of the messages, as far as they are legible. */
    static String messages(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.US_ASCII).replaceAll("[^\\x21-\\x7e]+", " ");
    }

    /** A refusal thrown while a server's message is handled ends the connection, as in the endpoint. */
    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (PandoException violation) {
            throw new World.Violation("server message refused: " + violation.getMessage());
        }
    }

    private void atEnd() {
        if (closed || world.collapsed()) {
            return;
        }
        closed = true;
        world.say(shard() + " connection lost");
        SimulatedClient client = owner;
        link.lost("server closed the connection");
        if (client == null) {
            world.pool(shard()).lost(this);
        } else {
            client.flushClient();
        }
    }

    /** The pool closes it. */
    void close() {
        if (!closed) {
            closed = true;
            up.send(new byte[] {'X', 0, 0, 0, 4});
            up.end();
        }
    }

    /** Pando dies: what it had sent may still be done. */
    void clientDies() {
        closed = true;
        down.silence();
        if (world.chance().oneIn(2)) {
            up.cut();
        } else {
            up.end();
        }
    }

    /** This connection breaks, in both directions. */
    void breaks() {
        server.connections().remove(this);
        serverDies();
    }

    /** The network ends it: what each side has sent may still arrive, in part, and the server goes on with what it has heard. */
    void tears() {
        up.cut();
        down.cut();
    }

    /** The server's machine is gone without a word, and Pando finds out late. */
    void serverVanishes() {
        backend.die();
        up.vanish();
        down.vanish();
        world.agenda().after(World.KEEPALIVE_MICROS, this::atEnd);
    }

    /** Pando hears that the connection is gone, and the server finds out late. */
    void unheard() {
        up.vanish();
        down.cut();
        world.agenda().after(World.KEEPALIVE_MICROS, backend::end);
    }

    void stall(boolean up, long micros) {
        (up ? this.up : down).stall(micros);
    }

    /** The server process of this connection dies. */
    void serverDies() {
        backend.die();
        up.silence();
        down.cut();
    }

    @Override
    public ByteBufAllocator allocator() {
        return world.buffers();
    }

    @Override
    public void write(ByteBuf message) {
        // Read as a socket does: whoever still holds the message finds it empty.
        byte[] bytes = new byte[message.readableBytes()];
        message.readBytes(bytes);
        message.release();
        if (closed) {
            return;
        }
        if (owner == null && !probing) {
            throw new World.Violation("written to a connection that is not leased: " + (char) bytes[0]);
        }
        unflushed.writeBytes(bytes);
    }

    @Override
    public void flush() {
        byte[] bytes = unflushed.toByteArray();
        unflushed.reset();
        up.send(bytes);
        full |= up.waiting() >= HIGH;
    }

    @Override
    public void reading(boolean on) {
        down.reading(on);
    }

    @Override
    public boolean writable() {
        return up.waiting() + unflushed.size() < HIGH;
    }

    @Override
    public void breakOff(PandoException reason) {
        throw new World.Violation("broken off: " + reason.getMessage());
    }

    @Override
    public void cancel(Consumer<Boolean> over) {
        boolean lost = world.chance().oneIn(8);
        world.agenda().after(world.chance().between(1, 3_000), () -> {
            backend.cancel();
            world.agenda().after(world.chance().between(1, 2_000), () -> guarded(() -> over.accept(!lost)));
        });
    }
}
