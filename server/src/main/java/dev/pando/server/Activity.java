package dev.pando.server;

import dev.pando.core.pool.PoolStatistics;
import dev.pando.server.net.Endpoint;
import dev.pando.server.net.PoolSnapshot;

/** What goes on at one moment, for a person who watches. */
record Activity(int clients, int leased, int open, int waiting, boolean paused) {
    static Activity of(Endpoint endpoint) {
        PoolStatistics all =
                endpoint.pools().stream().map(PoolSnapshot::counts).reduce(PoolStatistics.NONE, PoolStatistics::plus);
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
