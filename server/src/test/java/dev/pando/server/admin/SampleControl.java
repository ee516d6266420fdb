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

    private void note(String call, Set<Place> places) {
        calls.add(call + " "
                + places.stream().map(place -> place.shard().index()).sorted().toList());
    }

    @Override
    public void pause(Set<Place> places) {
        note("pause", places);
    }

    @Override
    public void resume(Set<Place> places) {
        note("resume", places);
    }

    @Override
    public void reconnect(Set<Place> places) {
        note("reconnect", places);
    }

    @Override
    public void awaitClosed(Set<Place> places) {
        note("awaitClosed", places);
    }

    @Override
    public boolean killClient(long id) {
        if (id == 42) {
            calls.add("killClient 42");
        }
        return id == 42;
    }

    @Override
    public void killAll(Set<Place> places) {
        note("killAll", places);
    }

    @Override
    public void shutdown(Shutdown mode) {
        calls.add("shutdown " + mode);
    }

    @Override
    public void resetStatements() {
        calls.add("resetStatements");
    }

    @Override
    public LiveConfig.Reload reload() {
        calls.add("reload");
        return new LiveConfig.Reload(List.of("pool.size"), List.of("listen.port"));
    }

    @Override
    public Set<Place> paused() {
        return Set.of(new Place("app", new ShardId(1)));
    }
}
