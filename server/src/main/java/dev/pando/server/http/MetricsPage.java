package dev.pando.server.http;

import dev.pando.base.Version;
import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.sight.Account;
import dev.pando.core.sight.Part;
import dev.pando.core.sight.SightCounts;
import dev.pando.core.sight.TallyStats;
import dev.pando.core.sight.Times;
import dev.pando.core.topology.ShardId;
import dev.pando.server.admin.AdminView;
import dev.pando.server.admin.AdminView.ClientView;
import dev.pando.server.admin.AdminView.PoolView;
import dev.pando.server.admin.AdminView.ShardView;
import dev.pando.server.admin.AdminView.TrafficView;
import dev.pando.server.admin.Meter;
import dev.pando.server.admin.Place;
import dev.pando.server.admin.Totals;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The body of {@code GET /metrics}: what this process counts, and what the servers tell of themselves. */
final class MetricsPage {
    private static final List<String> CLIENT_STATES = List.of("idle", "active", "waiting", "in transaction", "login");

    private static final Map<Meter, Metric> COUNTS = Map.of(
            Meter.LEASES, Metric.LEASES,
            Meter.TRANSACTIONS, Metric.TRANSACTIONS,
            Meter.STATEMENTS, Metric.STATEMENTS,
            Meter.ERRORS, Metric.ERRORS,
            Meter.SENT_BYTES, Metric.SENT,
            Meter.RECEIVED_BYTES, Metric.RECEIVED,
            Meter.PARSES, Metric.PARSES,
            Meter.BINDS, Metric.BINDS);

    private static final Map<Meter, Metric> TIMES = Map.of(
            Meter.WAIT_NANOS, Metric.WAIT,
            Meter.LEASE_NANOS, Metric.LEASE_TIME,
            Meter.BUSY_NANOS, Metric.BUSY);

    private final AdminView view;
    private final Exposition out = new Exposition();

    private MetricsPage(AdminView view) {
        this.view = view;
    }

    /** {@code fleet}: null when the servers could not be asked. */
    static String of(AdminView view, @Nullable StatsReport fleet) {
        MetricsPage page = new MetricsPage(view);
        page.process();
        page.clients();
        view.pools().forEach(page::pool);
        view.traffic().forEach(page::traffic);
        page.statements();
        page.plans();
        page.out.add(Metric.FLEET_ASKED, fleet == null ? 0 : 1);
        if (fleet != null) {
            page.out.add(Metric.EPOCH, fleet.epoch());
            fleet.shards().forEach(page::shard);
        }
        return page.out.toString();
    }

    private void process() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
        out.add(Metric.BUILD_INFO, 1, Version.number(), Runtime.version().toString())
                .add(Metric.UPTIME, view.uptime().toMillis() / 1e3)
                .add(Metric.READY, view.notReady() == null ? 1 : 0)
                .add(Metric.MEMORY_USED, heap.getUsed(), "heap")
                .add(Metric.MEMORY_USED, other.getUsed(), "non-heap")
                .add(Metric.MEMORY_USED, view.directMemory(), "direct")
                .add(Metric.HEAP_LIMIT, heap.getMax());
    }

    private void clients() {
        List<ClientView> clients = view.clients();
        for (String state : CLIENT_STATES) {
            long count = clients.stream()
                    .filter(client -> client.state().equals(state))
                    .count();
            out.add(Metric.CLIENTS, count, state);
        }
        out.add(Metric.CLIENTS_LIMIT, view.config().listen().maxClients());
        out.add(Metric.LOGINS, view.clientTraffic().total().of(Meter.LOGINS));
    }

    private void pool(PoolView pool) {
        String database = pool.place().database();
        String shard = shard(pool.place());
        PoolStatistics counts = pool.counts();
        out.add(Metric.POOL_SIZE, pool.size(), database, shard)
                .add(Metric.POOL_CONNECTIONS, counts.leased(), database, shard, "leased")
                .add(Metric.POOL_CONNECTIONS, counts.idle(), database, shard, "idle")
                .add(Metric.POOL_CONNECTIONS, counts.opening(), database, shard, "opening")
                .add(Metric.POOL_WAITING, counts.waiting(), database, shard)
                .add(Metric.POOL_OLDEST_WAIT, seconds(counts.oldestWaitNanos()), database, shard)
                .add(Metric.POOL_PAUSED, pool.paused() ? 1 : 0, database, shard);
    }

    private void traffic(TrafficView traffic) {
        String database = traffic.place().database();
        String shard = shard(traffic.place());
        COUNTS.forEach((meter, metric) -> out.add(metric, traffic.total().of(meter), database, shard));
        TIMES.forEach((meter, metric) -> out.add(metric, seconds(traffic.total().of(meter)), database, shard));
    }

    private void statements() {
        SightCounts sight = view.sightCounts();
        for (TallyStats tally : sight.accounts()) {
            Account account = tally.account();
            out.add(Metric.STATEMENT_TIME, tally.times(), account.database(), account.user())
                    .add(Metric.STATEMENT_ERRORS, tally.errors(), account.database(), account.user())
                    .add(Metric.STATEMENT_ROWS, tally.rows(), account.database(), account.user());
        }
        sight.databases().forEach((name, tally) -> {
            database(name, tally);
            SightCounts.Repeated repeated = sight.repeated().getOrDefault(name, SightCounts.Repeated.NONE);
            out.add(Metric.REPEAT_RUNS, repeated.runs(), name).add(Metric.REPEATED, repeated.statements(), name);
        });
        AdminView.SpansView spans = view.spans();
        out.add(Metric.SHAPES, sight.shapes())
                .add(Metric.SHAPES_DROPPED, sight.dropped())
                .add(Metric.SPANS, spans.sent(), "sent")
                .add(Metric.SPANS, spans.failed(), "failed")
                .add(Metric.SPANS, spans.dropped(), "dropped");
    }

    private void database(String name, TallyStats tally) {
        for (Part part : Part.ALL) {
            out.add(Metric.STATEMENT_PART, tally.part(part), name, part.word());
        }
        for (int i = 0; i < tally.shards().size(); i++) {
            Times times = tally.shards().get(i);
            if (times != null) {
                out.add(Metric.SHARD_TIME, times, name, shard(new Place(name, new ShardId(i))));
            }
        }
    }

    private void plans() {
        Totals clients = view.clientTraffic().total();
        out.add(Metric.PLAN_ENTRIES, view.planCache().entries())
                .add(Metric.PLAN_BYTES, view.planCache().bytes())
                .add(Metric.PLAN_HITS, clients.of(Meter.PLAN_HITS))
                .add(Metric.PLAN_MISSES, clients.of(Meter.PLAN_MISSES));
    }

    private void shard(StatsReport.Shard shard) {
        Long bytes = shard.databaseBytes();
        if (bytes != null) {
            out.add(Metric.DATABASE_BYTES, bytes, shard.name());
        }
        StatsReport.Upkeep upkeep = shard.upkeep();
        if (upkeep != null) {
            upkeep(shard.name(), upkeep);
        }
        server(shard, shard.primary(), "primary");
        shard.replicas().forEach(replica -> server(shard, replica, "replica"));
    }

    private void upkeep(String shard, StatsReport.Upkeep stats) {
        out.add(Metric.BLOCKS_HIT, stats.blocksHit(), shard)
                .add(Metric.BLOCKS_READ, stats.blocksRead(), shard)
                .add(Metric.DEAD_ROWS, stats.deadRows(), shard)
                .add(Metric.SHARD_CONNECTIONS, stats.connections(), shard)
                .add(Metric.SHARD_CONNECTIONS_LIMIT, stats.maxConnections(), shard);
    }

    private void server(StatsReport.Shard shard, StatsReport.Server server, String role) {
        boolean up = server.state().equals("up") || server.state().equals("lagging");
        out.add(Metric.SERVER_UP, up ? 1 : 0, shard.name(), server.address(), role);
        Long lag = server.lagBytes();
        if (lag != null) {
            out.add(Metric.SERVER_LAG, lag, shard.name(), server.address());
        }
        Long replay = server.replayLagMillis();
        if (replay != null) {
            out.add(Metric.SERVER_REPLAY_LAG, replay / 1e3, shard.name(), server.address());
        }
    }

    private String shard(Place place) {
        return view.databases().stream()
                .filter(database -> database.name().equals(place.database()))
                .flatMap(database -> database.shards().stream())
                .filter(shard -> shard.id().equals(place.shard()))
                .map(ShardView::name)
                .findFirst()
                .orElseGet(place.shard()::toString);
    }

    private static double seconds(long nanos) {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
    }
}
