package dev.pando.core.session;

import dev.pando.core.topology.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A model server that can die and come back; its database survives. */
final class ModelServer {
    private final World world;
    private final ShardId shard;
    private final ModelDatabase database;
    private final List<SimulatedLink> connections = new ArrayList<>();
    private boolean alive = true;
    private UnaryOperator<byte[]> ears = UnaryOperator.identity();

    ModelServer(World world, ShardId shard) {
        this.world = world;
        this.shard = shard;
        this.database = new ModelDatabase(world::stamp);
    }

    ShardId shard() {
        return shard;
    }

    ModelDatabase database() {
        return database;
    }

    /** From now on it hears in place of each message what this makes of it. */
    void mishears(UnaryOperator<byte[]> how) {
        ears = how;
    }

    byte[] understood(byte[] frame) {
        return ears.apply(frame);
    }

    boolean alive() {
        return alive;
    }

    /** Those that the server has not seen the end of, whatever Pando thinks of them. */
    List<SimulatedLink> connections() {
        connections.removeIf(SimulatedLink::dead);
        return connections;
    }

    void kill() {
        world.say(shard + " dies");
        alive = false;
        dropAll();
    }

    void dropAll() {
        List<SimulatedLink> all = List.copyOf(connections);
        connections.clear();
        all.forEach(SimulatedLink::serverDies);
        if (shard.equals(ShardId.HOME)) {
            world.listening().serverDies();
        }
    }

    void restart() {
        if (!alive) {
            world.say(shard + " is back");
            alive = true;
        }
    }
}
