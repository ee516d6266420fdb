package dev.pando.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.LockMode;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.MigrationReader.Mode;
import dev.pando.lint.read.Source;
import dev.pando.rehearse.output.Report;
import dev.pando.rehearse.rows.Amounts;
import dev.pando.rehearse.rows.Filler;
import dev.pando.rehearse.traffic.LongReader;
import dev.pando.rehearse.traffic.Request;
import dev.pando.rehearse.traffic.Script;
import dev.pando.rehearse.traffic.Turn;
import dev.pando.rehearse.watch.Blame;
import dev.pando.rehearse.watch.Failure;
import dev.pando.rehearse.watch.RelationWait;
import dev.pando.rehearse.watch.Timing;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is told is compared with waits that are known because the migration makes them. */
class RehearsalTest {
    private static final String SCHEMA = """
            CREATE TABLE customers (id bigint PRIMARY KEY, name text);
            CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, amount int NOT NULL, note text);
            INSERT INTO customers SELECT i, 'c' FROM generate_series(1, 100) i;
            INSERT INTO orders SELECT i, i, i, 'n' FROM generate_series(1, 100) i;
            """;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int CLIENTS = 6;
    private static final long SLEPT = 400_000;

    /** Goes on 400 ms after so many sessions wait for locks. */
    private static final String UNTIL_WAITING = """
            DO $$ BEGIN
              WHILE (SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted) < %d LOOP PERFORM pg_sleep(0.01); END LOOP;
              PERFORM pg_sleep(0.4);
            END $$""";

    private static TemporaryServer server;
    private static int databases;

    @BeforeAll
    static void start() throws SQLException {
        server = TemporaryServer.startGuarded(Major.newest(), Copies.settings(CLIENTS));
        Copies.create(server, "shop", "template1");
        try (Connection connection = server.connect("shop");
                Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Copy copy() throws SQLException {
        String name = "shop_" + ++databases;
        Copies.create(server, name, "shop");
        return new Copy("", server, name, Sizes.NONE, Map.of(), false, List.of(), () -> {});
    }

    private static Options options(int attempts, Duration limit, Duration longReader) {
        return new Options(
                Duration.ZERO,
                Duration.ofMillis(200),
                Duration.ofMillis(100),
                limit,
                Duration.ofMillis(100),
                attempts,
                longReader);
    }

    private static Outcome rehearse(String migration, List<Script> scripts) throws SQLException, InterruptedException {
        return rehearse(migration, Mode.PER_STATEMENT, scripts, null, options(1, Duration.ofMinutes(2), Duration.ZERO));
    }

    private static Outcome rehearse(
            String migration, Mode mode, List<Script> scripts, @Nullable LongReader reader, Options options)
            throws SQLException, InterruptedException {
        var read = new MigrationReader(Map.of(), mode).read(new Source("m.sql", migration));
        return new Rehearsal(copy(), options, text -> {}).run(List.of(read), scripts, reader);
    }

    private static Report report(Outcome outcome) {
        var ground = new Reporting.Ground("", List.of(), List.of(), "", 100);
        return Reporting.report(ground, List.of(), outcome);
    }

    private static String state(@Nullable Failure failure) {
        return failure == null ? "" : failure.sqlState();
    }

    /** Asks every 50 ms. */
    private static Script every(Request request) {
        return () -> new Script.Turns() {
            private long turns;

            @Override
            public Turn next() {
                return new Turn(PAUSE * turns++, List.of(request), false);
            }
        };
    }

    private static List<Script> clients(int number, String sql, String... tables) {
        return Collections.nCopies(number, every(new Request(sql, List.of(), List.of(tables))));
    }

    private static final List<Script> READERS =
            clients(CLIENTS, "SELECT note FROM orders WHERE id = 7", "public.orders");

    private static List<Script> with(Script further) {
        List<Script> all = new ArrayList<>(READERS);
        all.add(further);
        return all;
    }

    @Test
    void waitsQueuesAndBlameAreThoseTheMigrationMakes() throws Exception {
        Outcome outcome = rehearse("""
                BEGIN;
                LOCK TABLE customers IN ACCESS SHARE MODE;
                LOCK TABLE orders IN ACCESS EXCLUSIVE MODE;
                %s;
                SELECT 1;
                COMMIT;
                """.formatted(UNTIL_WAITING.formatted(CLIENTS)), READERS);

        long held = outcome.ran().get(5).ended() - outcome.ran().get(2).began();
        assertThat(outcome.waits().relations()).singleElement().satisfies(wait -> {
            assertThat(wait.relation()).isEqualTo("public.orders");
            assertThat(wait.queue()).isEqualTo(CLIENTS);
            assertThat(wait.waits()).isEqualTo(CLIENTS);
            assertThat(wait.longest()).isBetween(SLEPT, held / 1_000);
            assertThat(wait.p99()).isBetween(SLEPT, held / 1_000);
            assertThat(wait.blame().step()).isEqualTo(2);
            assertThat(wait.blame().during()).isBetween(4, 5);
            assertThat(wait.blame().mode()).isEqualTo(LockMode.ACCESS_EXCLUSIVE);
            assertThat(wait.blame().granted()).isTrue();
        });
    }

    @Test
    void aRequestCountsFromWhenItWasDueEvenIfItsClientStillWaited() throws Exception {
        Outcome outcome = rehearse(
                "BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE; " + UNTIL_WAITING.formatted(CLIENTS) + "; COMMIT",
                READERS);

        long from = outcome.ran().get(1).ended();
        long to = outcome.ran().get(2).ended();
        List<Timing> met = outcome.timings().stream()
                .filter(timing -> timing.due() >= from && timing.due() <= to)
                .toList();
        assertThat(met).hasSize((int) (Math.floorDiv(to, PAUSE) - Math.floorDiv(from - 1, PAUSE)) * CLIENTS);
        assertThat(met).allSatisfy(timing -> assertThat(timing.ended()).isGreaterThan(to));
        Report.Requests requests = report(outcome).requests().getFirst();
        assertThat(requests.table()).isEqualTo("public.orders");
        assertThat(requests.during().longest()).isGreaterThan(SLEPT / 1e3);
        assertThat(requests.during().requests()).isGreaterThanOrEqualTo(met.size());
        assertThat(requests.during().p99()).isGreaterThan(SLEPT / 1e3 - PAUSE / 1e6);
    }

    @Test
    void theQueueBehindAStatementThatWaitsItselfIsBlamedOnWhatItWaitsFor() throws Exception {
        var holder = List.of(
                new Request("BEGIN", List.of(), List.of()),
                new Request("SELECT FROM orders LIMIT 1", List.of(), List.of()),
                new Request(UNTIL_WAITING.formatted(CLIENTS + 1), List.of(), List.of()),
                new Request("COMMIT", List.of(), List.of()));
        Script report = () -> new Script.Turns() {
            private boolean begun;

            @Override
            public Turn next() {
                Turn turn = begun ? new Turn(Long.MAX_VALUE / 2, List.of(), false) : new Turn(0, holder, false);
                begun = true;
                return turn;
            }
        };

        Outcome outcome = rehearse("ALTER TABLE orders ADD COLUMN paid boolean", with(report));

        assertThat(outcome.waits().relations()).singleElement().satisfies(wait -> {
            assertThat(wait.queue()).isEqualTo(CLIENTS);
            assertThat(wait.longest() + outcome.gap() / 1_000).isGreaterThanOrEqualTo(SLEPT);
            assertThat(wait.blame()).isEqualTo(new Blame(0, 0, LockMode.ACCESS_EXCLUSIVE, false));
        });
        assertThat(outcome.waits().own(0) + outcome.gap() / 1_000).isGreaterThanOrEqualTo(SLEPT);
        assertThat(outcome.waits().own(0))
                .isLessThanOrEqualTo((outcome.ran().getFirst().ended()
                                - outcome.ran().getFirst().began())
                        / 1_000);
    }

    @Test
    void rowsThatTheMigrationWroteAreWaitedForOnTheirTable() throws Exception {
        Outcome outcome = rehearse(
                "BEGIN; UPDATE customers SET name = 'x' WHERE id = 7; " + UNTIL_WAITING.formatted(3) + "; COMMIT",
                clients(3, "UPDATE customers SET name = 'y' WHERE id = 7"));

        assertThat(outcome.waits().relations()).singleElement().satisfies(wait -> {
            assertThat(wait.relation()).isEqualTo("public.customers");
            assertThat(wait.queue()).isEqualTo(3);
            assertThat(wait.longest()).isGreaterThanOrEqualTo(SLEPT);
            assertThat(wait.blame().mode()).isNull();
            assertThat(wait.blame().granted()).isTrue();
        });
    }

    @Test
    void whoWaitsForOthersIsNotHeldAgainstIt() throws Exception {
        Script locker =
                every(new Request("BEGIN; LOCK TABLE orders; SELECT pg_sleep(0.1); COMMIT", List.of(), List.of()));

        Outcome outcome = rehearse("SELECT pg_sleep(0.3)", with(locker));

        assertThat(outcome.waits().relations()).isEmpty();
        assertThat(report(outcome).longest()).isZero();
    }

    @Test
    void aTransactionThatIsNeverCommittedEndsWithItsFile() throws Exception {
        Outcome outcome = rehearse("BEGIN; ALTER TABLE orders ADD COLUMN paid boolean", READERS);

        assertThat(outcome.ran().getLast().failure()).satisfies(failure -> {
            assertThat(failure.sqlState()).isEqualTo("2D000");
            assertThat(failure.message()).contains("not committed");
        });
        assertThat(report(outcome).passed()).isFalse();
    }

    @Test
    void errorsOfClientsAreHeldAgainstTheMigration() throws Exception {
        Report report = report(rehearse("ALTER TABLE orders RENAME COLUMN note TO remark", READERS));

        assertThat(report.passed()).isFalse();
        assertThat(report.failures())
                .singleElement()
                .satisfies(failures -> assertThat(failures.first().sqlState()).isEqualTo("42703"));
        assertThat(report.usual()).isEmpty();
    }

    @Test
    void aMigrationThatFailsIsToldAndRolledBack() throws Exception {
        Report report = report(rehearse("""
                BEGIN;
                ALTER TABLE orders RENAME COLUMN note TO remark;
                ALTER TABLE orders ADD COLUMN remark text;
                COMMIT;
                """, READERS));

        assertThat(report.migrated()).isFalse();
        assertThat(report.steps()).hasSize(3);
        assertThat(state(report.steps().getLast().failure())).isEqualTo("42701");
        assertThat(report.failures()).isEmpty();
    }

    @Test
    void aMigrationGetsTheRightsThatItsOwnerWouldHave() throws Exception {
        Report report = report(rehearse("""
                CREATE EXTENSION pg_stat_statements;
                BEGIN;
                SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
                SAVEPOINT before;
                DROP TABLE customers;
                ROLLBACK TO before;
                CREATE SCHEMA shop;
                ALTER TABLE orders OWNER TO app;
                ALTER TABLE orders SET SCHEMA shop;
                CREATE TABLE shop.bills (id bigint PRIMARY KEY);
                ALTER TABLE shop.bills OWNER TO clerk;
                COMMIT;
                """, List.of()));

        assertThat(report.steps())
                .hasSize(12)
                .allSatisfy(step -> assertThat(step.failure()).isNull());
    }

    @Test
    void whatCommitIsRefusedForIsAFailureOfTheLastStatement() throws Exception {
        Options options = options(1, Duration.ofMinutes(2), Duration.ZERO);

        Outcome outcome = rehearse("""
                CREATE TABLE parents (id int PRIMARY KEY);
                CREATE TABLE children (parent bigint REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
                INSERT INTO children SELECT id FROM orders;
                """, Mode.PER_FILE, List.of(), null, options);

        assertThat(outcome.ran()).hasSize(3);
        assertThat(state(outcome.ran().getLast().failure())).isEqualTo("23503");
    }

    @Test
    void numbersOfRowsAreForTablesThereAre() throws Exception {
        try (Copy copy = copy();
                Connection connection = server.connect(copy.database())) {
            assertThatThrownBy(() -> Filler.fill(connection, amounts(Map.of("nothing", 5L)), text -> {}))
                    .hasMessageContaining("there is no such table");
            Map<String, Long> twice = new LinkedHashMap<>(Map.of("orders", 5L));
            twice.put("public.orders", 6L);
            assertThatThrownBy(() -> Filler.fill(connection, amounts(twice), text -> {}))
                    .hasMessageContaining("names public.orders twice");
        }
    }

    private static Amounts amounts(Map<String, Long> named) {
        return new Amounts(10, 0, named, Map.of());
    }

    @Test
    void whatTakesLongerThanTheLimitIsCancelled() throws Exception {
        Options options = options(1, Duration.ofMillis(300), Duration.ZERO);

        Outcome outcome = rehearse("SELECT pg_sleep(3600)", Mode.PER_STATEMENT, List.of(), null, options);

        assertThat(outcome.ran())
                .singleElement()
                .satisfies(ran -> assertThat(state(ran.failure())).isEqualTo("57014"));
    }

    @Test
    void aStatementThatGetsNoLockInItsTimeIsTriedAgain() throws Exception {
        Duration length = Duration.ofMillis(1_500);
        Outcome outcome = rehearse(
                "SET lock_timeout = '10ms'; ALTER TABLE orders ADD COLUMN paid boolean",
                Mode.PER_STATEMENT,
                READERS,
                new LongReader(Set.of("orders"), length),
                options(2, Duration.ofMinutes(2), length));

        assertThat(outcome.ran()).extracting(MigrationRun.Ran::attempts).containsExactly(1, 2);
        assertThat(outcome.waits().relations())
                .extracting(RelationWait::relation)
                .allMatch("public.orders"::equals);
    }
}
