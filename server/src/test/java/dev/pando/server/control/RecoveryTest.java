package dev.pando.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.topology.ShardId;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two-phase commit as the data path does it, over connections of the application's own role, with the coordinator gone at each step. */
class RecoveryTest {
    private static final int STEPS = 6;
    private static final int COMMIT_OF_HOME = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static TwoPhase coordinator(TestFleet fleet, String node) {
        return new TwoPhase(fleet.connections(), InstantSource.system(), new SecureRandom(), node);
    }

    private static Recovery.Report recover(TestFleet fleet, String node, Duration patience) {
        return new Recovery(fleet.connections(), coordinator(fleet, node), patience, () -> true).run();
    }

    private static void step(int step, List<Connection> shards, String gid) throws SQLException {
        switch (step) {
            case 1, 2 -> {
                Sql.execute(shards.get(step), TwoPhase.prepareSql(gid));
                shards.get(step).setAutoCommit(true);
            }
            case 3 -> Sql.rows(shards.getFirst(), TwoPhase.decisionSql(gid), row -> 0);
            case COMMIT_OF_HOME -> shards.getFirst().commit();
            case 5, 6 -> Sql.execute(shards.get(step - 4), TwoPhase.commitPreparedSql(gid));
            default -> throw new IllegalArgumentException("step " + step);
        }
    }

    /** Writes {@code value} on all shards and does that many steps; then all connections end, as they do when a process dies. */
    private static void writeAndDie(TestFleet fleet, String gid, int value, int steps) throws SQLException {
        List<Connection> shards = new ArrayList<>();
        try {
            for (int shard = 0; shard < 3; shard++) {
                Connection connection = fleet.connect(shard, "app");
                shards.add(connection);
                connection.setAutoCommit(false);
                Sql.execute(connection, "INSERT INTO t VALUES (" + value + ")");
            }
            for (int step = 1; step <= steps; step++) {
                step(step, shards, gid);
            }
        } finally {
            for (Connection connection : shards) {
                connection.abort(Runnable::run);
            }
        }
    }

    private static long prepared(TestFleet fleet) throws SQLException {
        return fleet.sum("SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()");
    }

    @Test
    void whereverTheCoordinatorDiesTheOutcomeIsOne() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3)) {
            // It makes the tables of the protocol; while it runs it recovers, too.
            fleet.startNode("other").close();
            fleet.everywhere("CREATE TABLE t (v int)");
            for (int steps = 0; steps <= STEPS; steps++) {
                writeAndDie(fleet, coordinator(fleet, "mine").newGid(), steps, steps);
                Recovery.Report report = recover(fleet, "mine", PATIENCE);
                assertThat(report.unreachable()).isEmpty();
                assertThat(report.waiting()).isZero();
                assertThat(prepared(fleet)).as("left after step %s", steps).isZero();
                String expected = steps >= COMMIT_OF_HOME ? "1" : "0";
                assertThat(fleet.onEach("SELECT count(*) FROM t WHERE v = " + steps))
                        .as("after step %s", steps)
                        .containsExactly(expected, expected, expected);
            }
        }
    }

    @Test
    void anotherNodeFinishesWhatIsDecidedAtOnceAndTheRestAfterPatience() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3)) {
            // It makes the tables of the protocol; while it runs it recovers, too.
            fleet.startNode("other").close();
            fleet.everywhere("CREATE TABLE t (v int)");
            String decided = coordinator(fleet, "dead").newGid();
            writeAndDie(fleet, decided, 1, COMMIT_OF_HOME);
            String undecided = coordinator(fleet, "dead").newGid();
            writeAndDie(fleet, undecided, 2, 2);

            Recovery.Report early = recover(fleet, "rescuer", PATIENCE);
            assertThat(early).isEqualTo(new Recovery.Report(2, 0, 2, Set.of()));
            assertThat(fleet.onEach("SELECT count(*) FROM t WHERE v = 1")).containsOnly("1");
            Recovery.Report late = recover(fleet, "rescuer", Duration.ZERO);
            assertThat(late).isEqualTo(new Recovery.Report(0, 2, 0, Set.of()));
            assertThat(fleet.onEach("SELECT count(*) FROM t WHERE v = 2")).containsOnly("0");

            // The coordinator was only slow: its decision comes second and fails.
            try (Connection home = fleet.connect(0, "app")) {
                assertThatThrownBy(() -> Sql.rows(home, TwoPhase.decisionSql(undecided), row -> 0))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("23505"));
            }
            assertThat(coordinator(fleet, "dead").outcome(decided)).isEqualTo(TwoPhase.Outcome.COMMITTED);
            assertThat(coordinator(fleet, "dead").outcome(undecided)).isEqualTo(TwoPhase.Outcome.ABORTED);
        }
    }

    @Test
    void aLostAnswerToTheDecisionIsLookedUp() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE t (v int)");
            List<ShardId> shards = fleet.connections().shards();
            try (AtomicTransaction transaction =
                    AtomicTransaction.begin(plane.twoPhase(), fleet.connections(), shards)) {
                for (ShardId shard : shards) {
                    Sql.execute(transaction.on(shard), "INSERT INTO public.t VALUES (1)");
                }
                transaction.prepare();
                assertThat(prepared(fleet)).isEqualTo(2);
                transaction.home().abort(Runnable::run);
                assertThatThrownBy(transaction::decide).isInstanceOf(SQLException.class);
            }
            assertThat(prepared(fleet)).isZero();
            assertThat(fleet.onEach("SELECT count(*) FROM t")).containsOnly("0");
            try (AtomicTransaction transaction =
                    AtomicTransaction.begin(plane.twoPhase(), fleet.connections(), shards)) {
                for (ShardId shard : shards) {
                    Sql.execute(transaction.on(shard), "INSERT INTO public.t VALUES (2)");
                }
                transaction.prepare();
                transaction.decide();
                transaction.on(new ShardId(1)).abort(Runnable::run);
                transaction.finish();
            }
            org.awaitility.Awaitility.await()
                    .untilAsserted(() -> assertThat(fleet.onEach("SELECT count(*) FROM t WHERE v = 2"))
                            .containsOnly("1"));
        }
    }

    @Test
    void nodesWithNamesAlikeAreNotOne() {
        List<String> names = List.of(
                "db1:16432",
                "db11:6432",
                "DB1:16432",
                "",
                "-",
                "pando-7c9d5f6b8-production-eu-west-1a",
                "pando-7c9d5f6b8-production-eu-west-1b");
        List<String> inGids = names.stream().map(TwoPhase::nameInGid).toList();

        assertThat(inGids).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z0-9]{1,32}"));
        assertThat(names.stream().map(TwoPhase::nameInGid).toList()).isEqualTo(inGids);
    }

    @Test
    void decisionsTakeNothingButIdentifiersOfPando() throws SQLException {
        try (TestFleet fleet = TestFleet.of(1);
                ControlPlane plane = fleet.start()) {
            String gid = plane.twoPhase().newGid();
            try (Connection home = fleet.connect(0, "app")) {
                assertThatThrownBy(() -> Sql.rows(home, TwoPhase.decisionSql("somebody's"), row -> 0))
                        .hasMessageContaining("not one of Pando's");
                String old = new Gid("n1", "0123456789abcdef", 1_000_000_000L, 1).toString();
                assertThatThrownBy(() -> Sql.rows(home, TwoPhase.decisionSql(old), row -> 0))
                        .hasMessageContaining("too old");
                Sql.rows(home, TwoPhase.decisionSql(gid), row -> 0);
            }
            assertThat(plane.twoPhase().outcome(gid)).isEqualTo(TwoPhase.Outcome.COMMITTED);
            assertThat(Gid.parse(gid)).isPresent();
        }
    }

    @Test
    void foreignPreparedTransactionsAreNotTouched() throws SQLException {
        try (TestFleet fleet = TestFleet.of(2);
                ControlPlane plane = fleet.start()) {
            assertThat(plane.catalog().epoch()).isPositive();
            fleet.everywhere("CREATE TABLE t (v int)");
            fleet.on(1, "BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION 'pando_of_somebody_else'");
            assertThat(recover(fleet, "n1", Duration.ZERO)).isEqualTo(new Recovery.Report(0, 0, 0, Set.of()));
            assertThat(prepared(fleet)).isEqualTo(1);
            fleet.on(1, "ROLLBACK PREPARED 'pando_of_somebody_else'");
        }
    }

    @Test
    void withoutHomeNobodyDecides() {
        FleetConnections nowhere = new FleetConnections(
                () -> new dev.pando.core.topology.Topology(List.of(new dev.pando.core.topology.Shard(
                        ShardId.HOME, "gone", new dev.pando.core.topology.Address("127.0.0.1", 1), List.of()))),
                new FleetConnections.Login("t", "postgres", ""));
        TwoPhase coordinator = new TwoPhase(nowhere, InstantSource.system(), new SecureRandom(), "n1");
        assertThatThrownBy(() -> coordinator.outcome(coordinator.newGid()))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.COMMIT_IN_DOUBT));
        assertThat(new Recovery(nowhere, coordinator, Duration.ZERO, () -> true)
                        .run()
                        .unreachable())
                .containsExactly(ShardId.HOME);
    }
}
