package dev.pando.server.admin;

import dev.pando.core.config.ConfigPrinter;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.ShardConfig;
import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.topology.ShardId;
import dev.pando.server.admin.AdminView.BackendView;
import dev.pando.server.admin.AdminView.ClientView;
import dev.pando.server.admin.AdminView.PoolView;
import dev.pando.server.admin.AdminView.UserPoolView;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the console shows with the columns that PgBouncer's has, so that dashboards and exporters made for that one work. What PgBouncer calls
 * a database is the database itself before one server, and {@code database@shard} before several. Columns of ours stand behind its own.
 */
final class PoolerTables {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String POOL_MODE = "transaction";

    private static final List<String> SOCKETS = List.of(
            "type",
            "user",
            "database",
            "replication",
            "state",
            "addr",
            "#port",
            "local_addr",
            "#local_port",
            "connect_time",
            "request_time",
            "#wait",
            "#wait_us",
            "#close_needed",
            "ptr",
            "link",
            "#remote_pid",
            "tls",
            "application_name",
            "#prepared_statements",
            "#id");

    private final AdminView view;
    private final AdminControl control;
    private final InstantSource clock;

    PoolerTables(AdminView view, AdminControl control, InstantSource clock) {
        this.view = view;
        this.control = control;
        this.clock = clock;
    }

    AdminResult pools() {
        List<ClientView> clients = view.clients();
        boolean several = view.config().shards().size() > 1;
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (UserPoolView pool : view.userPools()) {
            PoolStatistics counts = pool.counts();
            long connected = clients.stream()
                    .filter(client -> client.user().equals(pool.user()) && ofDatabase(client))
                    .count();
            Duration wait = Duration.ofNanos(counts.oldestWaitNanos());
            rows.add(row(
                    database(pool.shard()),
                    pool.user(),
                    several ? counts.leased() : Math.max(0, connected - counts.waiting()),
                    counts.waiting(),
                    0,
                    0,
                    counts.leased(),
                    0,
                    0,
                    counts.idle(),
                    0,
                    0,
                    counts.opening(),
                    wait.toSeconds(),
                    wait.toNanosPart() / 1000,
                    POOL_MODE,
                    null,
                    shardName(pool.shard()),
                    view.config().pool().size(),
                    control.paused().contains(pool.shard()) ? 1 : 0));
        }
        return AdminResult.typed(
                List.of(
                        "database",
                        "user",
                        "#cl_active",
                        "#cl_waiting",
                        "#cl_active_cancel_req",
                        "#cl_waiting_cancel_req",
                        "#sv_active",
                        "#sv_active_cancel",
                        "#sv_being_canceled",
                        "#sv_idle",
                        "#sv_used",
                        "#sv_tested",
                        "#sv_login",
                        "#maxwait",
                        "#maxwait_us",
                        "pool_mode",
                        "load_balance_hosts",
                        "shard",
                        "#pool_size",
                        "#paused"),
                rows);
    }

    AdminResult clients() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (ClientView client : view.clients()) {
            int colon = client.address().lastIndexOf(':');
            rows.add(row(
                    "C",
                    client.user(),
                    client.database(),
                    "none",
                    client.state(),
                    colon < 0 ? client.address() : client.address().substring(0, colon),
                    colon < 0 ? null : client.address().substring(colon + 1),
                    null,
                    null,
                    time(client.connected()),
                    null,
                    client.waited().toSeconds(),
                    client.waited().toNanosPart() / 1000,
                    0,
                    Long.toString(client.id()),
                    null,
                    null,
                    client.tls(),
                    client.application(),
                    client.preparedStatements(),
                    client.id()));
        }
        return AdminResult.typed(SOCKETS, rows);
    }

    AdminResult servers() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (BackendView backend : view.backends()) {
            List<@Nullable Object> row = new ArrayList<>(row(
                    "S",
                    backend.user(),
                    database(backend.shard()),
                    "none",
                    backend.state(),
                    backend.address().host(),
                    backend.address().port(),
                    null,
                    null,
                    time(backend.connected()),
                    null,
                    0,
                    0,
                    backend.outdated() ? 1 : 0,
                    Integer.toString(backend.processId()),
                    backend.client(),
                    backend.processId(),
                    backend.tls(),
                    "pando",
                    null,
                    backend.processId()));
            row.add(shardName(backend.shard()));
            rows.add(row);
        }
        List<String> columns = new ArrayList<>(SOCKETS);
        columns.add("shard");
        return AdminResult.typed(columns, rows);
    }

    AdminResult databases() {
        PandoConfig config = view.config();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        long clients = view.clients().stream().filter(this::ofDatabase).count();
        for (PoolView pool : view.pools()) {
            ShardConfig shard = config.shards().get(pool.shard().index());
            PoolStatistics counts = pool.counts();
            rows.add(row(
                    database(pool.shard()),
                    shard.primary().host(),
                    shard.primary().port(),
                    config.database(),
                    null,
                    pool.size(),
                    0,
                    0,
                    0,
                    POOL_MODE,
                    null,
                    0,
                    counts.leased() + counts.idle() + counts.opening(),
                    config.listen().maxClients(),
                    clients,
                    pool.paused() ? 1 : 0,
                    0));
        }
        return AdminResult.typed(
                List.of(
                        "name",
                        "host",
                        "#port",
                        "database",
                        "force_user",
                        "#pool_size",
                        "#min_pool_size",
                        "#reserve_pool_size",
                        "#server_lifetime",
                        "pool_mode",
                        "load_balance_hosts",
                        "#max_connections",
                        "#current_connections",
                        "#max_client_connections",
                        "#current_client_connections",
                        "#paused",
                        "#disabled"),
                rows);
    }

    AdminResult users() {
        PandoConfig config = view.config();
        List<UserPoolView> pools = view.userPools();
        List<ClientView> clients = view.clients();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (PandoConfig.User user : config.users()) {
            int servers = pools.stream()
                    .filter(pool -> pool.user().equals(user.name()))
                    .mapToInt(pool -> pool.counts().leased()
                            + pool.counts().idle()
                            + pool.counts().opening())
                    .sum();
            rows.add(row(
                    user.name(),
                    config.pool().size(),
                    0,
                    POOL_MODE,
                    config.pool().size() * config.shards().size(),
                    servers,
                    0,
                    clients.stream()
                            .filter(client -> client.user().equals(user.name()))
                            .count(),
                    user.admin() ? "yes" : "no"));
        }
        return AdminResult.typed(
                List.of(
                        "name",
                        "#pool_size",
                        "#reserve_pool_size",
                        "pool_mode",
                        "#max_user_connections",
                        "#current_connections",
                        "#max_user_client_connections",
                        "#current_client_connections",
                        "admin"),
                rows);
    }

    AdminResult lists() {
        PandoConfig config = view.config();
        PoolStatistics servers =
                view.pools().stream().map(PoolView::counts).reduce(PoolStatistics.NONE, PoolStatistics::plus);
        int clients = view.clients().size();
        int loggingIn = view.loggingIn();
        return AdminResult.typed(
                List.of("list", "#items"),
                List.of(
                        row("databases", config.shards().size()),
                        row("users", config.users().size()),
                        row("peers", 0),
                        row("pools", view.userPools().size()),
                        row("peer_pools", 0),
                        row("free_clients", Math.max(0, config.listen().maxClients() - clients)),
                        row("used_clients", clients),
                        row("login_clients", loggingIn),
                        row("free_servers", servers.idle()),
                        row("used_servers", servers.leased()),
                        row("dns_names", 0),
                        row("dns_zones", 0),
                        row("dns_queries", 0),
                        row("dns_pending", 0)));
    }

    AdminResult state() {
        var paused = control.paused();
        String names = String.join(
                ", ",
                view.config().shards().stream()
                        .map(ShardConfig::name)
                        .filter(name -> paused.contains(new ShardId(index(name))))
                        .toList());
        boolean all = paused.size() == view.config().shards().size();
        return AdminResult.typed(
                List.of("key", "value"),
                List.of(
                        row("active", paused.isEmpty() ? "yes" : "no"),
                        row("paused", paused.isEmpty() ? "no" : all ? "yes" : names),
                        row("suspended", "no"),
                        row("uptime_seconds", view.uptime().toSeconds())));
    }

    private int index(String shard) {
        return view.config().shards().stream().map(ShardConfig::name).toList().indexOf(shard);
    }

    AdminResult memory() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        rows.add(memory("heap", heap.getUsed(), heap.getCommitted()));
        rows.add(memory("non-heap", other.getUsed(), other.getCommitted()));
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            rows.add(memory("buffers " + pool.getName(), pool.getMemoryUsed(), pool.getTotalCapacity()));
        }
        rows.add(memory("plan cache", view.planCache().bytes(), view.planCache().bytes()));
        return AdminResult.typed(List.of("name", "#size", "#used", "#free", "#memtotal"), rows);
    }

    private static List<@Nullable Object> memory(String name, long used, long total) {
        return row(name, 1, used, Math.max(0, total - used), total);
    }

    AdminResult config() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        ConfigPrinter.entries(view.config())
                .forEach(entry ->
                        rows.add(row(entry.key(), entry.value(), entry.standard(), entry.live() ? "yes" : "no")));
        // Exporters look for these under PgBouncer's names.
        rows.add(row("max_client_conn", view.config().listen().maxClients(), null, "yes"));
        rows.add(row("max_user_connections", 0, null, "no"));
        return AdminResult.typed(List.of("key", "value", "default", "changeable"), rows);
    }

    /** As PgBouncer calls it; see the class. */
    String database(ShardId shard) {
        PandoConfig config = view.config();
        return config.shards().size() == 1 ? config.database() : config.database() + "@" + shardName(shard);
    }

    private String shardName(ShardId id) {
        var shards = view.config().shards();
        return id.index() < shards.size() ? shards.get(id.index()).name() : id.toString();
    }

    private boolean ofDatabase(ClientView client) {
        return client.database().equals(view.config().database());
    }

    private String time(Duration ago) {
        return TIME.format(clock.instant().minus(ago));
    }

    static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }
}
