package dev.pando.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pando.base.error.PandoError;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** Two nodes must not have one name: each would give up the other's transactions. */
class NodeClaimTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void aSecondNodeOfTheSameNameDoesNotStart() throws SQLException {
        try (TestFleet fleet = TestFleet.of(1)) {
            try (ControlPlane first = fleet.startNode("eu-1")) {
                TestFleet.refused(PandoError.NODE_NAME_TAKEN, "\"eu-1\"", () -> fleet.startNode("eu-1"));
                TestFleet.refused(PandoError.NODE_NAME_TAKEN, "127.0.0.1:", () -> fleet.startNode("eu-1"));
                try (ControlPlane other = fleet.startNode("eu-2")) {
                    assertThat(other.catalog().epoch())
                            .isEqualTo(first.catalog().epoch());
                }
            }
            for (int i = 0; i < 5; i++) {
                // Ended before its listener has done anything, it must leave no claim.
                fleet.startNode("eu-1").close();
            }
        }
    }

    @Test
    void theClaimOutlivesItsConnection() throws SQLException {
        try (TestFleet fleet = TestFleet.of(1);
                ControlPlane first = fleet.startNode("eu-1")) {
            long epoch = first.catalog().epoch();
            assertThat(
                            fleet.one(
                                    0,
                                    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks WHERE locktype = 'advisory'"
                                            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
                    .isEqualTo("1");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> "1"
                            .equals(fleet.one(
                                    0,
                                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database ="
                                            + " (SELECT oid FROM pg_database WHERE datname = current_database())")));
            TestFleet.refused(PandoError.NODE_NAME_TAKEN, "\"eu-1\"", () -> fleet.startNode("eu-1"));
            assertThat(first.catalog().epoch()).isEqualTo(epoch);
        }
    }

    @Test
    void whoDoesNotHoldItsNameGivesUpNothingBeforeItsTime() throws SQLException {
        try (TestFleet fleet = TestFleet.of(2);
                ControlPlane prepared = fleet.startNode("setup");
                Connection writing = fleet.connect(1, "app")) {
            fleet.everywhere("CREATE TABLE t (v int)");
            TwoPhase living = coordinator(fleet);
            writing.setAutoCommit(false);
            Sql.execute(writing, "INSERT INTO t VALUES (1)");
            Sql.execute(writing, TwoPhase.prepareSql(living.newGid()));

            TwoPhase namesake = coordinator(fleet);
            assertThat(new Recovery(fleet.connections(), namesake, LONG, () -> false)
                            .run()
                            .waiting())
                    .isEqualTo(1);
            assertThat(new Recovery(fleet.connections(), namesake, LONG, () -> true)
                            .run()
                            .rolledBack())
                    .isEqualTo(1);
            assertThat(prepared.catalog().epoch()).isPositive();
        }
    }

    @Test
    void theNextProcessHasTheNameWhenTheOneBeforeEndsAndEndsNothingOfItsMeanwhile() throws SQLException {
        try (TestFleet fleet = TestFleet.of(2);
                Connection writing = fleet.connect(1, "app")) {
            ControlPlane before = fleet.startNode("eu-1");
            fleet.everywhere("CREATE TABLE t (v int)");
            writing.setAutoCommit(false);
            Sql.execute(writing, "INSERT INTO t VALUES (1)");
            Sql.execute(writing, TwoPhase.prepareSql(before.twoPhase().newGid()));
            try (ControlPlane next = ControlPlane.start(
                    fleet.connections(), TestFleet.options("eu-1").afterAnother())) {
                next.twoPhase().nudge();
                assertThat(new Recovery(fleet.connections(), next.twoPhase(), LONG, () -> false)
                                .run()
                                .waiting())
                        .as("the process before may still decide it")
                        .isEqualTo(1);
                TestFleet.refused(PandoError.NODE_NAME_TAKEN, "\"eu-1\"", () -> fleet.startNode("eu-1"));
                before.close();
                next.beside(() -> false);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> "0".equals(fleet.one(1, "SELECT count(*) FROM pg_prepared_xacts")));
                TestFleet.refused(PandoError.NODE_NAME_TAKEN, "\"eu-1\"", () -> fleet.startNode("eu-1"));
            } finally {
                before.close();
            }
        }
    }

    private static TwoPhase coordinator(TestFleet fleet) {
        return new TwoPhase(fleet.connections(), InstantSource.system(), new SecureRandom(), "eu-1");
    }
}
