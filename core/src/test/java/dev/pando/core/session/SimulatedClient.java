package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.ServerLink;
import dev.pando.core.pool.Pool;
import dev.pando.core.pool.PoolMode;
import dev.pando.core.pool.Request;
import dev.pando.core.pool.Waiter;
import dev.pando.core.route.Planned;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client of the simulated endpoint: its connection, the real {@link Session} behind it, and that session's port. */
final class SimulatedClient implements SessionPort, Script.Connection {
    private static final int HIGH = 3_000;

    private final World world;
    private final SimulatedPlans plans;
    private final String name;
    private final Session session;
    private final ByteStream up;
    private final ByteStream down;
    private final Frames frames = new Frames();
    private final ByteArrayOutputStream unflushed = new ByteArrayOutputStream();
    private final Map<ServerLink, SimulatedLink> links = new HashMap<>();
    private final Script script;
    private final StatementBalance statements;
    private boolean closing;
    private boolean sessionClosed;
    private boolean full;
    private int mostWaiting;
    private final Ear ear = new Ear();
    private final Mailbox there;
    private final Mailbox back;
    /** Of notifications that the session has and the client has not been told. */
    private long untold;

    private boolean overheard;

    SimulatedClient(World world, SimulatedPlans plans, String name, Script script, Map<String, String> startup) {
        this(world, plans, name, script, startup, PoolMode.TRANSACTION);
    }

    SimulatedClient(
            World world, SimulatedPlans plans, String name, Script script, Map<String, String> startup, PoolMode mode) {
        this.world = world;
        this.plans = plans;
        this.name = name;
        this.script = script;
        this.statements = new StatementBalance(name);
        this.there = new Mailbox(world);
        this.back = new Mailbox(world);
        Chance chance = world.chance();
        this.up = new ByteStream(world, chance.of(20, 200, 3_000), this::fromClient, this::endOfClient);
        this.down = new ByteStream(world, chance.of(20, 200, 3_000), this::toProgram, script::hungUp);
        this.session = new Session(this, new Limits(20, 1 << 20, 1 << 16), mode, "app", startup);
    }

    Session session() {
        return session;
    }

    @Override
    public StatementWatch watch() {
        return statements;
    }

    /** The most bytes that have waited for the client to read them. */
    int mostWaiting() {
        return mostWaiting;
    }

    /** Nothing is held for this client any more. */
    boolean gone() {
        return sessionClosed && links.isEmpty();
    }

    @Override
    public String toString() {
        return name;
    }

    // The program's side

    @Override
    public void send(byte[] bytes) {
        up.send(bytes);
    }

    @Override
    public void hangUp() {
        if (world.faults().network().halfOpen() && world.chance().oneIn(2)) {
            world.say(name + " vanishes");
            up.vanish();
            down.vanish();
            world.agenda().after(World.KEEPALIVE_MICROS, this::endOfClient);
            return;
        }
        world.say(name + " hangs up");
        if (world.chance().oneIn(2)) {
            up.cut();
        } else {
            up.end();
        }
    }

    void stall(boolean up, long micros) {
        (up ? this.up : down).stall(micros);
    }

    @Override
    public void cancel() {
        world.say(name + " cancels");
        world.agenda().after(world.chance().between(1, 2_000), () -> {
            if (!sessionClosed) {
                session.cancel(() -> {});
            }
        });
    }

    private void fromClient(byte[] bytes) {
        for (byte[] frame : frames.add(bytes)) {
            if (closing || sessionClosed || world.collapsed()) {
                return;
            }
            world.say(name + " sends " + SimulatedLink.messages(frame));
            guarded(() -> session.message(world.buffers().of(frame)));
        }
        if (!closing && !sessionClosed && !world.collapsed()) {
            session.readComplete();
        }
    }

    /** What the endpoint does with refusals thrown by the session. */
    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (PandoException violation) {
            world.say(name + " fatal: " + violation.getMessage());
            session.fatal(violation);
        }
    }

    private void endOfClient() {
        if (!sessionClosed && !world.collapsed()) {
            sessionClosed = true;
            closing = true;
            world.say(name + " closed");
            session.closed();
            there.add(() -> world.listening().shared().gone(ear));
        }
    }

    /** Its way from what listens for all. */
    private final class Ear implements SharedListener.Subscriber {
        @Override
        public void notified(Notification notification) {
            back.add(() -> {
                if (!sessionClosed && !closing) {
                    untold += notification.bytes();
                    overheard |= untold > Listening.MOST_BYTES;
                    session.notified(notification);
                    if (untold > Listening.MOST_BYTES && !closing) {
                        throw new World.Violation(name + " does not read and has " + untold + " bytes waiting");
                    }
                }
            });
        }

        @Override
        public void lost(PandoException reason) {
            back.add(() -> {
                if (!sessionClosed) {
                    session.listenerLost(reason);
                    flushClient();
                }
            });
        }
    }

    /** More was notified than may wait for a client. */
    boolean overheard() {
        return overheard;
    }

    /** Whether the client's program takes what comes. */
    void reads(boolean on) {
        world.say(name + (on ? " reads" : " reads no more"));
        down.reading(on);
    }

    private void toProgram(byte[] bytes) {
        script.receive(bytes);
        if (full && down.waiting() + unflushed.size() < HIGH / 2) {
            full = false;
            if (!sessionClosed && !world.collapsed()) {
                session.clientWritable();
                flushClient();
            }
        }
    }

    // The session's side

    @Override
    public ByteBufAllocator allocator() {
        return world.buffers();
    }

    @Override
    public void toClient(ByteBuf messages) {
        byte first = messages.getByte(messages.readerIndex());
        if (first == 'A' || (first == 'Z' && messages.getByte(messages.writerIndex() - 1) == 'I')) {
            untold = 0;
        }
        if (!closing) {
            unflushed.writeBytes(ByteBufUtil.getBytes(messages));
        }
        messages.release();
        mostWaiting = Math.max(mostWaiting, down.waiting() + unflushed.size());
        full |= !clientWritable();
    }

    @Override
    public void flushClient() {
        byte[] bytes = unflushed.toByteArray();
        unflushed.reset();
        down.send(bytes);
    }

    @Override
    public boolean clientWritable() {
        return down.waiting() + unflushed.size() < HIGH;
    }

    @Override
    public void readClient(boolean on) {
        up.reading(on);
    }

    @Override
    public void closeClient() {
        if (!closing) {
            flushClient();
            closing = true;
            down.end();
            up.silence();
            world.agenda().after(world.chance().between(1, 300), this::endOfClient);
        }
    }

    @Override
    public @Nullable Planned cachedPlan(byte[] sql, List<String> searchPath) {
        return world.chance().oneIn(4) ? null : plans.cached(sql, searchPath);
    }

    @Override
    public void plan(byte[] sql, List<String> searchPath, Consumer<Planned> planned, Consumer<ErrorFields> failed) {
        world.agenda().after(world.chance().between(1, 500), () -> {
            if (!world.collapsed()) {
                plans.plan(sql, searchPath, planned, failed);
                flushClient();
            }
        });
    }

    @Override
    public dev.pando.core.topology.Oids oids() {
        return dev.pando.core.topology.Oids.ALIKE;
    }

    @Override
    public long epoch() {
        return plans.epoch() + world.alterations();
    }

    @Override
    public Lease lease(ShardId shard, Tenant tenant) {
        if (sessionClosed) {
            throw new World.Violation(name + " leases after it was closed");
        }
        Pool<SimulatedLink> pool = world.pool(shard);
        PoolWatch.Ticket ticket = world.watch(shard).asks(world.agenda().now());
        Request<SimulatedLink> request = pool.acquire(
                new Waiter<>() {
                    @Override
                    public void granted(SimulatedLink link) {
                        world.say(name + " gets " + shard);
                        world.watch(shard).granted(ticket, world.agenda().now());
                        link.leasedTo(SimulatedClient.this);
                        links.put(link.link(), link);
                        tenant.granted(link.link());
                        flushClient();
                    }

                    @Override
                    public void refused(PandoException reason) {
                        world.say(name + " does not get " + shard);
                        world.watch(shard).refused(ticket, world.agenda().now());
                        tenant.refused(reason);
                        flushClient();
                    }
                },
                world.nanos());
        world.tickLater(shard);
        world.audit(shard);
        return () -> {
            world.watch(shard).cancelled(ticket);
            pool.cancel(request);
        };
    }

    @Override
    public void release(ServerLink link, boolean reusable) {
        SimulatedLink held = links.remove(link);
        if (held == null) {
            throw new World.Violation(name + " releases what it does not hold");
        }
        world.say(name + " gives back " + held.shard() + (reusable ? "" : ", to be closed"));
        held.released(reusable);
        link.afterCancels(() -> {
            world.watch(held.shard()).released();
            world.pool(held.shard()).release(held, reusable && link.reusable(), world.nanos());
            world.audit(held.shard());
        });
    }

    @Override
    public ShardId anyShard() {
        return new ShardId(world.chance().between(0, shardCount() - 1));
    }

    @Override
    public int shardCount() {
        return world.servers().size();
    }

    @Override
    public String shardName(ShardId shard) {
        return shard.toString();
    }

    @Override
    public void refreshCatalog(Consumer<@Nullable PandoException> done) {
        world.agenda().after(world.chance().between(1, 500), () -> done.accept(null));
    }

    @Override
    public Set<String> ownSettings() {
        return Set.of();
    }

    @Override
    public void ownSettings(Set<String> names) {
        world.say(name + " knows of parameters " + names);
    }

    @Override
    public void listen(Collection<String> channels, Consumer<@Nullable ErrorFields> then) {
        List<String> wanted = List.copyOf(channels);
        there.add(() -> world.listening()
                .shared()
                .listen(
                        ear,
                        wanted,
                        error -> back.add(() -> {
                            then.accept(error);
                            flushClient();
                        })));
    }

    @Override
    public void unlisten(Collection<String> channels) {
        List<String> left = List.copyOf(channels);
        there.add(() -> world.listening().shared().unlisten(ear, left));
    }

    @Override
    public void heard(Runnable then) {
        there.add(() -> world.listening()
                .shared()
                .heard(() -> back.add(() -> {
                    then.run();
                    flushClient();
                })));
    }

    @Override
    public void call(
            String function,
            List<CallArgument> arguments,
            Consumer<CallAnswer> answered,
            Consumer<ErrorFields> failed) {
        failed.accept(ErrorFields.of(new PandoException(PandoError.NO_SUCH_FUNCTION, function), false));
    }

    @Override
    public List<String> callColumns(String function) {
        return List.of(function);
    }

    @Override
    public String newGlobalTransaction() {
        return world.newTransaction();
    }

    @Override
    public String decisionSql(String globalTransaction) {
        return "SELECT pando.decide('" + globalTransaction + "')";
    }

    @Override
    public void abandon(String globalTransaction) {
        world.agenda().after(world.chance().between(1, 5_000), world::recover);
    }
}
