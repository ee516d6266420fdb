package dev.pando.rehearse;

import dev.pando.lint.Rights;
import dev.pando.lint.read.Migration;
import dev.pando.rehearse.traffic.LongReader;
import dev.pando.rehearse.traffic.Script;
import dev.pando.rehearse.watch.Answers;
import dev.pando.rehearse.watch.Client;
import dev.pando.rehearse.watch.FailureCount;
import dev.pando.rehearse.watch.Timing;
import dev.pando.rehearse.watch.Waits;
import dev.pando.rehearse.watch.Watcher;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run: traffic, then the migration, then traffic until everybody is back to normal. */
final class Rehearsal {
    private static final Duration BEHIND = Duration.ofMillis(50);
    private static final Duration LONGEST_BACKLOG = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(20);
    /** For a statement between its cancellation and its end. */
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** From the connections to the first request. */
    private static final Duration START = Duration.ofMillis(200);

    private final Copy copy;
    private final Options options;
    private final Consumer<String> progress;
    private final List<Client> clients = new ArrayList<>();
    private long begun;
    private long counted;

    Rehearsal(Copy copy, Options options, Consumer<String> progress) {
        this.copy = copy;
        this.options = options;
        this.progress = progress;
    }

    /**
     * One run.
     *
     * @param scripts of the clients whose requests are measured
     * @param reader only stands in the way
     */
    Outcome run(List<Migration> migrations, List<Script> scripts, @Nullable LongReader reader)
            throws SQLException, InterruptedException {
        begun = System.nanoTime() + START.plusMillis(5L * (scripts.size() + 1)).toNanos();
        List<Client> measured = new ArrayList<>();
        try (Connection session = copy.plain();
                Connection watching = copy.client()) {
            for (Script script : scripts) {
                measured.add(open(script));
            }
            if (reader != null) {
                open(reader);
            }
            var migration = new MigrationRun(session, new Rights(copy.server()), begun, options.attempts());
            try (var watcher =
                    new Watcher(watching, pid(session), () -> Math.max(0, migration.step()), this::tableOf, begun)) {
                clients.forEach(Client::start);
                pause("traffic that nobody counts yet", options.warmUp().toNanos());
                counted = settled(measured);
                pause(
                        "traffic without the migration",
                        counted + options.baseline().toNanos());
                if (reader != null) {
                    waitFor(reader);
                }
                return run(new Migrating(migration, session), migrations, watcher, measured);
            }
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    private Client open(Script script) throws SQLException {
        Client client = new Client(copy::client, script, begun);
        clients.add(client);
        return client;
    }

    private record Migrating(MigrationRun run, Connection session) {}

    private Outcome run(Migrating migration, List<Migration> migrations, Watcher watcher, List<Client> measured)
            throws SQLException, InterruptedException {
        long began = now();
        List<MigrationRun.Ran> ran = ran(migration, migrations, watcher);
        long ended = now();
        long limit = ended + options.limit().toNanos();
        while (now() < limit && measured.stream().anyMatch(client -> client.due() < ended)) {
            progress.accept("waiting until everybody is back to normal");
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        long calm = now();
        pause("traffic after the migration", calm + options.after().toNanos());
        long stopped = now();
        Waits waits = watcher.end();
        clients.forEach(Client::stop);
        List<Timing> timings = new ArrayList<>();
        List<FailureCount> failures = new ArrayList<>();
        long untimed = 0;
        for (Client client : measured) {
            Answers answers = client.answers();
            timings.addAll(answers.timings());
            failures.addAll(answers.failures());
            untimed += answers.untimed();
        }
        return new Outcome(
                ran, timings, untimed, failures, waits, counted, began, ended, calm, stopped, watcher.longestGap());
    }

    /** Waits until clients do what is due, not what was due before everything was compiled and read; not for ever, where they cannot. */
    private long settled(List<Client> measured) throws InterruptedException {
        long limit = now() + LONGEST_BACKLOG.toNanos();
        while (now() < limit && measured.stream().anyMatch(client -> client.due() < now() - BEHIND.toNanos())) {
            progress.accept("traffic that nobody counts yet");
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        return now();
    }

    /** Until it has begun another transaction; one that fails again and again does not stop everything. */
    private void waitFor(LongReader reader) throws InterruptedException {
        Client client = clients.getLast();
        long turn = client.position().turn();
        long limit = now() + 3 * reader.period();
        while (now() < limit
                && (client.position().turn() == turn || client.position().request() != reader.lasting())) {
            progress.accept("waiting until the long reader has begun");
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    private List<MigrationRun.Ran> ran(Migrating migrating, List<Migration> migrations, Watcher watcher)
            throws SQLException, InterruptedException {
        MigrationRun migration = migrating.run();
        var task = new FutureTask<>(() -> migration.run(migrations, watcher));
        Thread.ofVirtual().name("pando-migration").start(task);
        long limit = now() + options.limit().toNanos();
        int all = migrations.stream().mapToInt(file -> file.statements().size()).sum();
        while (true) {
            try {
                return task.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                progress.accept("the migration: statement " + (migration.step() + 1) + " of " + all);
                if (now() > limit + GRACE.toNanos()) {
                    copy.server().end(migrating.session(), endless());
                } else if (now() > limit) {
                    migration.cancel();
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SQLException sql) {
                    throw sql;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private String endless() {
        return "the migration ran for more than " + options.limit().toSeconds()
                + " s and did not let itself be cancelled";
    }

    private void pause(String what, long until) throws InterruptedException {
        while (now() < until) {
            progress.accept(what);
            TimeUnit.NANOSECONDS.sleep(Math.min(LOOK.toNanos(), Math.max(1, until - now())));
        }
    }

    private String tableOf(int pid) {
        return clients.stream()
                .filter(client -> client.pid() == pid)
                .map(Client::tables)
                .filter(tables -> tables.size() == 1)
                .map(List::getFirst)
                .findFirst()
                .orElse("");
    }

    private static int pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private long now() {
        return System.nanoTime() - begun;
    }
}
