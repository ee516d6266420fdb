package dev.pando.server;

import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.topology.ShardId;
import dev.pando.server.net.Endpoint;

/** What goes on at one moment, for a person who watches. */
record Activity(int clients, int leased, int open, int waiting, boolean paused) {
    static Activity of(Endpoint endpoint) {
        PoolStatistics all = PoolStatistics.NONE;
        for (int shard = 0; shard < endpoint.shardCount(); shard++) {
            all = all.plus(endpoint.pool(new ShardId(shard)));
        }
        return new Activity(
                endpoint.clientCount(),
                all.leased(),
                all.leased() + all.idle(),
                all.waiting(),
                !endpoint.operations().paused().isEmpty());
    }

    @Override
    public String toString() {
        String queue = waiting == 0 ? "" : ", " + waiting + " waiting";
        return clients + (clients == 1 ? " client" : " clients") + ", " + leased + " of " + open
                + " server connections busy" + queue + (paused ? ", paused" : "");
    }
}
