package dev.pando.server.admin;

import dev.pando.core.config.LiveConfig;
import dev.pando.core.topology.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Notes what it is told to do; knows client 42, and the second shard is paused. */
final class SampleControl implements AdminControl {
    private final List<String> calls = new ArrayList<>();

    /** What was called since this was last asked. */
    List<String> calls() {
        List<String> all = List.copyOf(calls);
        calls.clear();
        return all;
    }

    private void note(String call, Set<ShardId> shards) {
        calls.add(call + " " + shards.stream().map(ShardId::index).sorted().toList());
    }

    @Override
    public void pause(Set<ShardId> shards) {
        note("pause", shards);
    }

    @Override
    public void resume(Set<ShardId> shards) {
        note("resume", shards);
    }

    @Override
    public void reconnect(Set<ShardId> shards) {
        note("reconnect", shards);
    }

    @Override
    public void awaitClosed(Set<ShardId> shards) {
        note("awaitClosed", shards);
    }

    @Override
    public boolean killClient(long id) {
        if (id == 42) {
            calls.add("killClient 42");
        }
        return id == 42;
    }

    @Override
    public void killAll(Set<ShardId> shards) {
        note("killAll", shards);
    }

    @Override
    public LiveConfig.Reload reload() {
        calls.add("reload");
        return new LiveConfig.Reload(List.of("pool.size"), List.of("listen.port"));
    }

    @Override
    public Set<ShardId> paused() {
        return Set.of(new ShardId(1));
    }
}
