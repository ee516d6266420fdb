package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.topology.ShardId;
import dev.pando.server.admin.AdminControl;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What an administrator does to all event loops, each of which acts on its own pools. */
final class Operations implements AdminControl {
    private final LiveConfig live;
    private final Collection<LoopServers> loops;
    private final Map<Integer, ClientConnection> clients;
    private final Set<ShardId> paused = ConcurrentHashMap.newKeySet();

    Operations(LiveConfig live, Collection<LoopServers> loops, Map<Integer, ClientConnection> clients) {
        this.live = live;
        this.loops = loops;
        this.clients = clients;
    }

    @Override
    public void pause(Set<ShardId> shards) {
        paused.addAll(shards);
        onLoops(servers -> servers.pause(shards));
        await("PAUSE", servers -> servers.drained(shards) || !servers.pausedAll(shards));
        if (!paused.containsAll(shards)) {
            throw new PandoException(PandoError.ADMIN_INTERRUPTED, "PAUSE", "RESUME ended the pause");
        }
    }

    @Override
    public void resume(Set<ShardId> shards) {
        paused.removeAll(shards);
        onLoops(servers -> servers.resume(shards));
    }

    @Override
    public void reconnect(Set<ShardId> shards) {
        onLoops(servers -> servers.reconnect(shards));
    }

    @Override
    public void awaitClosed(Set<ShardId> shards) {
        await("WAIT_CLOSE", servers -> servers.outdated(shards) == 0);
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
    public void killAll(Set<ShardId> shards) {
        paused.addAll(shards);
        onLoops(servers -> servers.pause(shards));
        clients.values().stream().filter(client -> !client.isAdmin()).forEach(Operations::kill);
    }

    /** What runs for it is cancelled: a server does not notice before its next answer that nobody listens. */
    private static void kill(ClientConnection client) {
        client.cancel(() -> {});
        client.servers().loop().execute(() -> client.fatal(new PandoException(PandoError.KILLED)));
    }

    @Override
    public Set<ShardId> paused() {
        return Set.copyOf(paused);
    }

    @Override
    public LiveConfig.Reload reload() {
        return live.reload();
    }

    /** Returns when all loops have done it. */
    private void onLoops(Consumer<LoopServers> action) {
        List<CompletableFuture<Void>> under = new ArrayList<>();
        for (LoopServers servers : loops) {
            under.add(CompletableFuture.runAsync(() -> action.accept(servers), servers.loop()));
        }
        under.forEach(CompletableFuture::join);
    }

    private void await(String command, Predicate<LoopServers> condition) {
        List<CompletableFuture<Void>> awaited = new ArrayList<>();
        for (LoopServers servers : loops) {
            CompletableFuture<Void> met = new CompletableFuture<>();
            awaited.add(met);
            servers.loop().execute(() -> servers.when(() -> condition.test(servers), met));
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
