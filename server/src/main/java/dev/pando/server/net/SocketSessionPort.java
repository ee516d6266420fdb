package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Tunable;
import dev.pando.core.link.ServerLink;
import dev.pando.core.pool.Pool;
import dev.pando.core.pool.Request;
import dev.pando.core.pool.Waiter;
import dev.pando.core.route.Planned;
import dev.pando.core.route.Plans;
import dev.pando.core.session.Deadlines;
import dev.pando.core.session.Session;
import dev.pando.core.session.SessionPort;
import dev.pando.core.session.StatementWatch;
import dev.pando.core.sight.Account;
import dev.pando.core.sight.SessionSight;
import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.Oids;
import dev.pando.core.topology.ShardId;
import dev.pando.server.admin.Meter;
import dev.pando.server.auth.Identity;
import dev.pando.server.control.ControlPlane;
import dev.pando.server.control.NamedArgument;
import dev.pando.server.control.TwoPhase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session's port to real sockets. Owned by the client's event loop; answers of other threads come back through it. */
final class SocketSessionPort implements SessionPort {
    private final Endpoint endpoint;
    private final ClientConnection client;
    private final DatabaseServers servers;
    private final Database database;
    private final LoopServers loop;
    private final Identity identity;
    private final Map<String, String> startup;
    private final DatabaseServers.Login login;
    private final boolean pooled;
    private @Nullable PandoConfig deadlinesOf;
    private Deadlines deadlines = Deadlines.NONE;
    private final SharedListening.Ear ear;
    private final SessionSight sight;
    private int held;
    private long waitingSince;
    private boolean waiting;
    /** By shard, those that have been used; of which generation of the configuration. */
    private List<@Nullable Pool<ServerConnection>> pools = List.of();

    private int poolsOf;

    /** {@code startup}: what server connections for this client are opened with, beside user and database. */
    SocketSessionPort(
            Endpoint endpoint,
            ClientConnection client,
            DatabaseServers servers,
            Identity identity,
            Map<String, String> startup) {
        this.endpoint = endpoint;
        this.client = client;
        this.servers = servers;
        this.database = servers.database();
        this.loop = servers.loop();
        this.identity = identity;
        this.startup = startup;
        this.pooled = startup.equals(ServerConnection.POOLED);
        this.login = servers.clientCame(identity, startup);
        Account account = new Account(database.name(), identity.user());
        this.sight = new SessionSight(loop.sight(), account, client.id(), System::nanoTime);
        this.ear = database.listening(servers)
        .new Ear(loop, () -> client.session() instanceof Session listening ? listening : null, identity);
    }

    @Override
    public @Nullable Set<String> ownSettings() {
        HiddenCode code = database.backstage().catalog().code();
        return code.known() ? code.settings() : database.ownSettings();
    }

    @Override
    public void ownSettings(Set<String> names) {
        database.ownSettings(names);
    }

    @Override
    public void listen(Collection<String> channels, Consumer<@Nullable ErrorFields> then) {
        ear.listen(channels, error -> contained(() -> then.accept(error)));
    }

    @Override
    public void unlisten(Collection<String> channels) {
        ear.unlisten(channels);
    }

    @Override
    public void heard(Runnable then) {
        ear.heard(() -> contained(then));
    }

    /** The client is gone. */
    void closed() {
        ear.close();
        sight.closed();
        servers.clientLeft(login);
    }

    @Override
    public ByteBufAllocator allocator() {
        return client.channel().alloc();
    }

    @Override
    public void toClient(ByteBuf messages) {
        sight.sent(messages.readableBytes());
        client.write(messages);
    }

    @Override
    public void forward(ByteBuf message) {
        sight.sent(message.readableBytes());
        client.forward(message);
    }

    @Override
    public StatementWatch watch() {
        return sight.on() ? sight : StatementWatch.NONE;
    }

    SessionSight sight() {
        return sight;
    }

    @Override
    public void flushClient() {
        client.flushClient();
    }

    @Override
    public void told(ErrorFields error) {
        client.told(error);
    }

    @Override
    public boolean clientWritable() {
        return client.writable();
    }

    @Override
    public void readClient(boolean on) {
        client.reading(on);
    }

    @Override
    public void closeClient() {
        client.close();
    }

    @Override
    public Lease lease(ShardId shard, Tenant tenant) {
        Leasing leasing = new Leasing(pool(shard), shard, tenant, System.nanoTime());
        leasing.ask();
        return leasing;
    }

    /** Pools that serve whoever comes never end, so they are looked up once; under another configuration they may be others. */
    private Pool<ServerConnection> pool(ShardId shard) {
        if (!pooled) {
            return servers.pool(shard, identity, startup);
        }
        if (pools.isEmpty() || poolsOf != servers.generation()) {
            poolsOf = servers.generation();
            pools = new ArrayList<>(Collections.nCopies(shardCount(), null));
        }
        Pool<ServerConnection> known = pools.get(shard.index());
        if (known == null) {
            known = servers.pool(shard, identity, startup);
            pools.set(shard.index(), known);
        }
        return known;
    }

    /** One request for a connection. */
    private final class Leasing implements Waiter<ServerConnection>, Lease {
        private final Pool<ServerConnection> pool;
        private final ShardId shard;
        private final Tenant tenant;
        private final long since;
        private @Nullable Request<ServerConnection> request;

        Leasing(Pool<ServerConnection> pool, ShardId shard, Tenant tenant, long since) {
            this.pool = pool;
            this.shard = shard;
            this.tenant = tenant;
            this.since = since;
        }

        void ask() {
            waitingSince = since;
            waiting = true;
            request = pool.acquire(this, since);
        }

        @Override
        public void granted(ServerConnection connection) {
            waiting = false;
            held++;
            long now = System.nanoTime();
            connection.leasedTo(client, now);
            Traffic traffic = servers.traffic(shard);
            traffic.add(Meter.LEASES, 1);
            traffic.add(Meter.WAIT_NANOS, now - since);
            sight.waited(now - since);
            try {
                tenant.granted(connection.link());
            } catch (RuntimeException problem) {
                broken(problem);
            }
            client.flushClient();
        }

        @Override
        public void delayed() {
            client.notification(waitingNotice());
            client.flushClient();
        }

        @Override
        public boolean underway() {
            return held > 0;
        }

        @Override
        public void refused(PandoException reason) {
            waiting = false;
            contained(() -> tenant.refused(reason));
        }

        @Override
        public void cancel() {
            waiting = false;
            if (request != null) {
                pool.cancel(request);
            }
        }
    }

    private ByteBuf waitingNotice() {
        ByteBuf out = client.buffer();
        ErrorFields.of("NOTICE", "00000", "no server connection is free, your statement waits for one")
                .encode('N', out);
        return out;
    }

    /** How long this client may take. */
    Deadlines deadlines() {
        PandoConfig config = endpoint.config();
        if (!config.equals(deadlinesOf)) {
            String user = identity.user();
            String name = database.name();
            deadlinesOf = config;
            deadlines = new Deadlines(
                    config.time(Tunable.CLIENT_IDLE_TIMEOUT, name, user),
                    config.time(Tunable.IDLE_TRANSACTION_TIMEOUT, name, user),
                    config.time(Tunable.TRANSACTION_TIMEOUT, name, user),
                    config.time(Tunable.QUERY_TIMEOUT, name, user),
                    config.timeouts().cancelWait());
        }
        return deadlines;
    }

    /** Whether it is to end because it keeps a server connection that RECONNECT wants replaced. */
    boolean outdated() {
        return held > 0 && endpoint.config().pool().upkeep().fastClose() && servers.outdated(client);
    }

    /** Another session's release, or another thread's answer, may be what wakes this one: what goes wrong is this client's alone. */
    private void contained(Runnable answer) {
        try {
            answer.run();
        } catch (RuntimeException problem) {
            broken(problem);
        }
        client.flushClient();
    }

    private void broken(RuntimeException problem) {
        if (problem instanceof PandoException violation) {
            client.fatal(violation);
        } else {
            loop.unexpected(problem);
            client.fatal(PandoException.causedBy(problem, PandoError.BUG, String.valueOf(problem)));
        }
    }

    @Override
    public void release(ServerLink link, boolean reusable) {
        held--;
        if (endpoint.hangingUp()) {
            // Not at once: what ends the transaction has still to be told.
            client.servers().loop().execute(client::leaveWhenIdle);
        }
        if (pooled) {
            servers.used(identity);
        }
        servers.connectionOf(link).release(reusable);
    }

    /** The session has this connection from the beginning. */
    void adopt(ServerConnection own) {
        held++;
        own.leasedTo(client, System.nanoTime());
    }

    /** How long the session has waited for a server connection, zero when it does not. */
    Duration waited() {
        return waiting ? Duration.ofNanos(System.nanoTime() - waitingSince) : Duration.ZERO;
    }

    @Override
    public ShardId anyShard() {
        return servers.anyShard();
    }

    @Override
    public int shardCount() {
        return database.topology().size();
    }

    @Override
    public String shardName(ShardId shard) {
        return database.topology().shard(shard).name();
    }

    @Override
    public long epoch() {
        return database.backstage().epoch();
    }

    @Override
    public Oids oids() {
        return database.backstage().catalog().oids();
    }

    @Override
    public @Nullable Planned cachedPlan(byte[] sql, List<String> searchPath) {
        Backstage backstage = database.backstage();
        Planned known = backstage.plans().cached(sql, loop.shaper(), backstage.catalog(), searchPath);
        loop.clientTraffic().add(known == null ? Meter.PLAN_MISSES : Meter.PLAN_HITS, 1);
        if (known != null) {
            sight.planned(searchPath);
        }
        return known;
    }

    @Override
    public void plan(byte[] sql, List<String> searchPath, Consumer<Planned> planned, Consumer<ErrorFields> failed) {
        int longest = endpoint.config().limits().maxStatementBytes();
        if (sql.length > longest) {
            failed.accept(
                    ErrorFields.of(new PandoException(PandoError.STATEMENT_TOO_LONG, sql.length, longest), false));
            return;
        }
        Backstage backstage = database.backstage();
        backHere(
                backstage.plans().plan(sql, backstage.catalog(), searchPath),
                outcome -> {
                    switch (outcome) {
                        case Plans.Outcome.Ready ready -> {
                            sight.planned(searchPath);
                            planned.accept(ready.planned());
                        }
                        case Plans.Outcome.Invalid invalid ->
                            failed.accept(ErrorFields.at(invalid.sqlState(), invalid.message(), invalid.position()));
                    }
                },
                problem -> failed.accept(ErrorFields.of(problem, false)));
    }

    @Override
    public void refreshCatalog(Consumer<@Nullable PandoException> done) {
        backHere(database.backstage().refresh(), catalog -> done.accept(null), problem -> done.accept(problem));
    }

    @Override
    public void call(
            String function,
            List<CallArgument> arguments,
            Consumer<CallAnswer> answered,
            Consumer<ErrorFields> failed) {
        List<NamedArgument> named = arguments.stream()
                .map(argument -> new NamedArgument(argument.name(), argument.value()))
                .toList();
        backHere(
                database.backstage().call(identity.user(), function, named),
                result -> answered.accept(new CallAnswer(result.columns(), result.rows(), result.notices())),
                problem -> failed.accept(ErrorFields.of(problem, false)));
    }

    @Override
    public List<String> callColumns(String function) {
        return ControlPlane.columns(function);
    }

    @Override
    public String newGlobalTransaction() {
        return database.backstage().twoPhase().newGid();
    }

    @Override
    public String decisionSql(String globalTransaction) {
        return TwoPhase.decisionSql(globalTransaction);
    }

    @Override
    public void abandon(String globalTransaction) {
        database.backstage().twoPhase().abandon(globalTransaction);
    }

    /** Brings an answer of another thread back to the client's event loop. */
    private <T> void backHere(CompletionStage<T> stage, Consumer<T> done, Consumer<PandoException> failed) {
        stage.whenComplete((answer, problem) -> loop.loop()
                .execute(() -> contained(() -> {
                    if (problem == null) {
                        done.accept(answer);
                    } else {
                        failed.accept(asOurs(problem));
                    }
                })));
    }

    private PandoException asOurs(Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
        if (cause instanceof PandoException ours) {
            return ours;
        }
        loop.unexpected(cause);
        return PandoException.causedBy(cause, PandoError.BUG, String.valueOf(cause));
    }
}
