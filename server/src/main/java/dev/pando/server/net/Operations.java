package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.topology.ShardId;
import dev.pando.server.admin.AdminControl;
import dev.pando.server.admin.Place;
import dev.pando.server.admin.Shutdown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/** What an administrator does to all event loops, each of which acts on its own pools. */
final class Operations implements AdminControl {
    private final LiveConfig live;
    private final Consumer<Shutdown> departure;
    private final Collection<LoopServers> loops;
    private final Map<Integer, ClientConnection> clients;
    private final PausedPlaces paused;

    Operations(
            LiveConfig live,
            Collection<LoopServers> loops,
            Map<Integer, ClientConnection> clients,
            PausedPlaces paused,
            Consumer<Shutdown> departure) {
        this.departure = departure;
        this.live = live;
        this.loops = loops;
        this.clients = clients;
        this.paused = paused;
    }

    @Override
    public void pause(Set<Place> places) {
        pauseOnLoops(places);
        await("PAUSE", places, (servers, shards) -> servers.drained(shards) || !servers.pausedAll(shards));
        if (!paused.containsAll(places)) {
            throw new PandoException(PandoError.ADMIN_INTERRUPTED, "PAUSE", "RESUME ended the pause");
        }
    }

    /** Not at the same time as RESUME, which could otherwise come between the two steps and leave loops paused for ever. */
    private synchronized void pauseOnLoops(Set<Place> places) {
        paused.add(places);
        onLoops(places, DatabaseServers::pause);
    }

    @Override
    public synchronized void resume(Set<Place> places) {
        paused.remove(places);
        onLoops(places, DatabaseServers::resume);
    }

    @Override
    public void reconnect(Set<Place> places) {
        onLoops(places, DatabaseServers::reconnect);
    }

    @Override
    public void awaitClosed(Set<Place> places) {
        await("WAIT_CLOSE", places, (servers, shards) -> servers.outdated(shards) == 0);
    }

    @Override
    public void resetStatements() {
        List<CompletableFuture<Void>> under = new ArrayList<>();
        loops.forEach(servers -> under.add(CompletableFuture.runAsync(servers.sight()::reset, servers.loop())));
        under.forEach(CompletableFuture::join);
    }

    @Override
    public boolean killClient(long id) {
        ClientConnection client = id > 0 && id <= Integer.MAX_VALUE ? clients.get((int) id) : null;
        if (client != null) {
            kill(client);
        }
        return client != null;
    }

    @Override
    public void killAll(Set<Place> places) {
        pauseOnLoops(places);
        clients.values().stream()
                .filter(client -> {
                    Database database = client.database();
                    return database != null
                            && !Place.shards(places, database.name()).isEmpty();
                })
                .forEach(Operations::kill);
    }

    /** What runs for it is cancelled: a server does not notice before its next answer that nobody listens. */
    private static void kill(ClientConnection client) {
        client.cancel(() -> {});
        client.servers().loop().execute(() -> client.fatal(new PandoException(PandoError.KILLED)));
    }

    /** What it tells is so on all loops. */
    @Override
    public synchronized Set<Place> paused() {
        return paused.all();
    }

    @Override
    public void shutdown(Shutdown mode) {
        departure.accept(mode);
    }

    @Override
    public LiveConfig.Reload reload() {
        return live.reload();
    }

    /** Returns when all loops have done it. */
    private void onLoops(Set<Place> places, BiConsumer<DatabaseServers, Set<ShardId>> action) {
        List<CompletableFuture<Void>> under = new ArrayList<>();
        for (LoopServers servers : loops) {
            under.add(CompletableFuture.runAsync(
                    () -> servers.at(places)
                            .forEach(database -> action.accept(
                                    database,
                                    Place.shards(places, database.database().name()))),
                    servers.loop()));
        }
        under.forEach(CompletableFuture::join);
    }

    private void await(String command, Set<Place> places, BiPredicate<DatabaseServers, Set<ShardId>> condition) {
        List<CompletableFuture<Void>> awaited = new ArrayList<>();
        for (LoopServers servers : loops) {
            CompletableFuture<Void> met = new CompletableFuture<>();
            awaited.add(met);
            servers.loop()
                    .execute(() -> servers.when(
                            () -> servers.at(places)
                                    .allMatch(database -> condition.test(
                                            database,
                                            Place.shards(
                                                    places, database.database().name()))),
                            met));
        }
        try {
            for (CompletableFuture<Void> met : awaited) {
                met.get();
            }
        } catch (InterruptedException e) {
            awaited.forEach(met -> met.cancel(false));
            throw new PandoException(PandoError.ADMIN_INTERRUPTED, command, "canceling statement due to user request");
        } catch (ExecutionException e) {
            throw PandoException.causedBy(e, PandoError.BUG, command + ": " + e.getCause());
        }
    }
}
