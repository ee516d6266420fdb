package dev.pando.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Servers and proxies that INSERTs are sent to, and the books on what each was told and what its servers hold. */
final class LoadStage {
    static final String PANDO = "Pando, shards";
    static final String PANDO_SINGLE = "Pando, one server";
    static final String PGBOUNCER = "PgBouncer, one server";

    /** What there is. */
    static final class Arguments {
        private static final int MOST = 128;

        @Option(
                names = "--shards",
                paramLabel = "N",
                defaultValue = "4",
                description = "Primaries that rows are spread over. Default: ${DEFAULT-VALUE}")
        private int shards;

        @Option(
                names = "--replicas",
                paramLabel = "N",
                defaultValue = "1",
                description = "Streaming replicas of each shard. Default: ${DEFAULT-VALUE}")
        private int replicas;

        @Option(
                names = "--connections",
                paramLabel = "N",
                defaultValue = "100",
                description = "Server connections of each proxy, over all its servers. Default: ${DEFAULT-VALUE}")
        private int connections;

        @Option(
                names = "--mix",
                defaultValue = "users",
                description = "What is inserted: ${COMPLETION-CANDIDATES} (a user, then a message of theirs)."
                        + " Default: users")
        private WriteCommand.Mix mix = WriteCommand.Mix.users;

        Setting setting(CommandLine command) {
            if (shards < 1 || shards > MOST || replicas < 0 || replicas > MOST || connections < shards) {
                throw new ParameterException(
                        command,
                        "--shards are 1 to " + MOST + ", --replicas 0 to " + MOST
                                + ", --connections start at the number of shards");
            }
            return new Setting(shards, replicas, connections, mix.workload());
        }
    }

    /** @param connections to servers, of each proxy */
    record Setting(int shards, int replicas, int connections, Workload workload) {
        FleetServers.Sizes servers(int shards, int replicas) {
            String most = Integer.toString(3 * connections + FleetArguments.OWN_CONNECTIONS);
            return new FleetServers.Sizes(
                    shards, replicas, Map.of("max_connections", most, "max_prepared_transactions", most));
        }
    }

    /** Servers, and what all ways to them together were told. */
    private static final class Book {
        final FleetServers servers;
        final BenchTables tables;
        long acknowledged;
        long open;

        Book(FleetServers servers, BenchTables tables) {
            this.servers = servers;
            this.tables = tables;
        }
    }

    private final Cleanup cleanup;
    private final Setting setting;
    private final int room;
    private final Map<Way, Book> books = new LinkedHashMap<>();

    /** @param clients the most there will be at once */
    LoadStage(Cleanup cleanup, Setting setting, int clients) {
        this.cleanup = cleanup;
        this.setting = setting;
        this.room = clients + FleetArguments.SPARE_CLIENTS;
    }

    /** Pando before shards with replicas. */
    Way addPando(Progress progress) throws SQLException, IOException, InterruptedException {
        FleetServers fleet =
                FleetServers.open(cleanup, setting.servers(setting.shards(), setting.replicas()), progress);
        progress.show("starting Pando");
        ProxySizes each = new ProxySizes(setting.connections() / setting.shards(), room);
        PandoServe serve = PandoServe.shards(fleet.fleet(), fleet.app(), fleet.control(), each);
        Way way = Way.through(PANDO, new Proxies(cleanup).pando(serve, fleet.app()));
        books.put(way, book(way.url(), fleet));
        return way;
    }

    /** One server, set as the shards are, without a replica: behind PgBouncer, if there is one, and behind another Pando. */
    void addSingle(@Nullable PgBouncer program, Progress progress)
            throws SQLException, IOException, InterruptedException {
        FleetServers single = FleetServers.open(cleanup, setting.servers(1, 0), progress);
        Book book = book(single.app(), single);
        ProxySizes sizes = new ProxySizes(setting.connections(), room);
        Proxies proxies = new Proxies(cleanup);
        progress.show("starting what is before one server");
        PandoServe serve = PandoServe.plain(single.app(), sizes, PandoServe.Mode.TRANSACTION);
        books.put(Way.through(PANDO_SINGLE, proxies.pando(serve, single.app())), book);
        if (program != null) {
            books.put(Way.through(PGBOUNCER, proxies.pgBouncer(program, single.app(), sizes)), book);
        }
    }

    /** @param look where tables are made and counted */
    private Book book(PostgresUrl look, FleetServers servers) throws SQLException {
        BenchTables tables = new BenchTables(cleanup.add(look.connect()));
        tables.create();
        tables.distribute(null, false);
        return new Book(servers, tables);
    }

    List<Way> ways() {
        return List.copyOf(books.keySet());
    }

    Sample run(Way way, int clients, Duration warmUp, Duration window, WriteStep.Watcher watcher)
            throws SQLException, InterruptedException {
        Book book = Objects.requireNonNull(books.get(way));
        Workload workload = setting.workload();
        var run = new Run(workload.unprepared(), 1, clients, warmUp, window);
        Sample sample = run.measure(
                way.url(),
                new Usage(way.process(), watcher),
                () -> OptionalLong.of(book.tables.count(workload.tables())));
        book.acknowledged += sample.step().acknowledged();
        book.open += sample.step().open();
        return sample;
    }

    /** Counts on every server, replicas too. */
    List<Counted> counted() throws InterruptedException {
        List<Counted> all = new ArrayList<>();
        for (Book book : new LinkedHashSet<>(books.values())) {
            List<FleetCounts> tables = new ArrayList<>();
            for (String table : setting.workload().tables()) {
                tables.add(FleetCounts.count(book.servers.fleet(), book.servers.app(), table, WriteCommand.CATCH_UP));
            }
            String ways = books.entrySet().stream()
                    .filter(entry -> entry.getValue() == book)
                    .map(entry -> entry.getKey().name())
                    .collect(Collectors.joining(" and "));
            all.add(new Counted(ways, book.acknowledged, book.open, tables));
        }
        return all;
    }
}
