package dev.pando.server.admin;

import dev.pando.core.config.ConfigPrinter;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Tunable;
import dev.pando.core.pool.PoolMode;
import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.topology.Address;
import dev.pando.server.admin.AdminView.BackendView;
import dev.pando.server.admin.AdminView.ClientView;
import dev.pando.server.admin.AdminView.DatabaseView;
import dev.pando.server.admin.AdminView.PoolView;
import dev.pando.server.admin.AdminView.ShardView;
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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the console shows with the columns that PgBouncer's has, so that dashboards and exporters made for that one work. What PgBouncer calls
 * a database is the database itself when it has one shard, and {@code database@shard} before several. Columns of ours stand behind its own.
 */
final class PoolerTables {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

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
        List<DatabaseView> databases = view.databases();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (UserPoolView pool : view.userPools()) {
            DatabaseView database = named(databases, pool.place());
            if (database == null) {
                // Forgotten a moment ago.
                continue;
            }
            PoolStatistics counts = pool.counts();
            boolean several = database.shards().size() > 1;
            boolean shared = database.forcedUser() != null;
            long connected = clients.stream()
                    .filter(client -> client.database().equals(database.name())
                            && (shared || client.user().equals(pool.user())))
                    .count();
            Duration wait = Duration.ofNanos(counts.oldestWaitNanos());
            rows.add(row(
                    title(databases, pool.place()),
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
                    counts.tried(),
                    counts.opening(),
                    wait.toSeconds(),
                    wait.toNanosPart() / 1000,
                    mode(database, pool.user()).word(),
                    database.loadBalance(),
                    shardName(databases, pool.place()),
                    view.config().count(Tunable.POOL_SIZE, database.name(), pool.user()),
                    control.paused().contains(pool.place()) ? 1 : 0));
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
                    client.replication(),
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
                    client.id(),
                    client.pinned()));
        }
        List<String> columns = new ArrayList<>(SOCKETS);
        columns.add("pinned");
        return AdminResult.typed(columns, rows);
    }

    AdminResult servers() {
        List<DatabaseView> databases = view.databases();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (BackendView backend : view.backends()) {
            List<@Nullable Object> row = new ArrayList<>(row(
                    "S",
                    backend.user(),
                    title(databases, backend.place()),
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
            row.add(shardName(databases, backend.place()));
            rows.add(row);
        }
        List<String> columns = new ArrayList<>(SOCKETS);
        columns.add("shard");
        return AdminResult.typed(columns, rows);
    }

    AdminResult databases() {
        PandoConfig config = view.config();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        List<ClientView> clients = view.clients();
        List<PoolView> pools = view.pools();
        for (DatabaseView database : view.databases()) {
            long connected = clients.stream()
                    .filter(client -> client.database().equals(database.name()))
                    .count();
            for (ShardView shard : database.shards()) {
                Place place = new Place(database.name(), shard.id());
                PoolStatistics counts = pools.stream()
                        .filter(pool -> pool.place().equals(place))
                        .map(PoolView::counts)
                        .reduce(PoolStatistics.NONE, PoolStatistics::plus);
                rows.add(row(
                        database.title(shard),
                        String.join(
                                ",", shard.servers().stream().map(Address::host).toList()),
                        shard.servers().getFirst().port(),
                        database.dbname(),
                        database.forcedUser(),
                        database.poolSize(),
                        config.count(Tunable.MIN_POOL_SIZE, database.name(), ""),
                        config.count(Tunable.RESERVE_POOL_SIZE, database.name(), ""),
                        config.time(Tunable.SERVER_LIFETIME, database.name(), "")
                                .toSeconds(),
                        database.mode().word(),
                        database.loadBalance(),
                        config.limitOfDatabase(Tunable.MAX_CONNECTIONS, database.name()),
                        counts.connections(),
                        mostClients(config, database.name()),
                        connected,
                        control.paused().contains(place) ? 1 : 0,
                        0));
            }
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

    private static int mostClients(PandoConfig config, String database) {
        int own = config.limitOfDatabase(Tunable.MAX_CLIENTS, database);
        return own == 0 ? config.listen().maxClients() : own;
    }

    AdminResult users() {
        PandoConfig config = view.config();
        List<UserPoolView> pools = view.userPools();
        List<ClientView> clients = view.clients();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (PandoConfig.User user : config.users()) {
            int servers = pools.stream()
                    .filter(pool -> pool.user().equals(user.name()))
                    .mapToInt(pool -> pool.counts().connections())
                    .sum();
            rows.add(row(
                    user.name(),
                    config.count(Tunable.POOL_SIZE, config.database(), user.name()),
                    config.count(Tunable.RESERVE_POOL_SIZE, config.database(), user.name()),
                    (user.mode() == null ? config.pool().mode() : user.mode()).word(),
                    config.limitOfUser(Tunable.MAX_CONNECTIONS, user.name()),
                    servers,
                    config.limitOfUser(Tunable.MAX_CLIENTS, user.name()),
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
                        row("databases", places().size()),
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
        Set<Place> paused = control.paused();
        List<DatabaseView> databases = view.databases();
        List<Place> places = places();
        String names = String.join(
                ", ",
                places.stream()
                        .filter(paused::contains)
                        .map(place -> title(databases, place))
                        .toList());
        boolean all = paused.containsAll(places);
        return AdminResult.typed(
                List.of("key", "value"),
                List.of(
                        row("active", paused.isEmpty() ? "yes" : "no"),
                        row("paused", paused.isEmpty() ? "no" : all ? "yes" : names),
                        row("suspended", "no"),
                        row("uptime_seconds", view.uptime().toSeconds())));
    }

    private List<Place> places() {
        return view.databases().stream()
                .flatMap(database -> database.shards().stream().map(shard -> new Place(database.name(), shard.id())))
                .toList();
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
        rows.add(row("max_user_connections", view.config().pool().sizes().maxOfUser(), null, "no"));
        return AdminResult.typed(List.of("key", "value", "default", "changeable"), rows);
    }

    /** As PgBouncer calls it; see the class. */
    static String title(List<DatabaseView> databases, Place place) {
        DatabaseView database = named(databases, place);
        ShardView shard = database == null ? null : shard(database, place);
        return database == null || shard == null ? place.database() : database.title(shard);
    }

    private static String shardName(List<DatabaseView> databases, Place place) {
        DatabaseView database = named(databases, place);
        ShardView shard = database == null ? null : shard(database, place);
        return shard == null ? place.shard().toString() : shard.name();
    }

    private static @Nullable DatabaseView named(List<DatabaseView> databases, Place place) {
        return databases.stream()
                .filter(database -> database.name().equals(place.database()))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable ShardView shard(DatabaseView database, Place place) {
        return database.shards().stream()
                .filter(shard -> shard.id().equals(place.shard()))
                .findFirst()
                .orElse(null);
    }

    /** Of a pool: its user's own, else the database's. */
    private PoolMode mode(DatabaseView database, String user) {
        return view.config().users().stream()
                .filter(known -> database.forcedUser() == null && known.name().equals(user))
                .map(PandoConfig.User::mode)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(database.mode());
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
