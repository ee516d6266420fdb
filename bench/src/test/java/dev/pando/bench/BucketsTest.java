package dev.pando.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code bench fleet curve} asks, of a real server: right answers pass, and a wrong one is seen. */
class BucketsTest {
    private static TemporaryServer server;

    @BeforeAll
    static void fill() throws SQLException {
        server = TemporaryServer.start();
        try (Connection connection = server.connect()) {
            new Items(connection).create(false);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Each client asks at least once, and answers are waited for when the window is over. */
    private static StepResult run(Work work, Run.Effect effect) throws SQLException, InterruptedException {
        var run = new Run(work, 1, 4, Duration.ZERO, Duration.ofMillis(300));
        return run.measure(Servers.trustUrl(server), (ProxyProcess) null, effect)
                .step();
    }

    @Test
    void everyAnswerIsTheOneThatIsDue() throws Exception {
        try (Connection connection = server.connect()) {
            Items items = new Items(connection);
            for (CurveReport.Request request : CurveReport.Request.values()) {
                StepResult step = run(
                        request.work(),
                        () -> request.changes() ? OptionalLong.of(items.changes()) : OptionalLong.empty());
                assertThat(step.errors()).as(request.title()).isEmpty();
                assertThat(step.acknowledged()).as(request.title()).isPositive();
                assertThat(step.honest()).as(request.title()).isTrue();
            }
        }
    }

    @Test
    void aRowThatIsMissingIsSeenByEachOfThem() throws Exception {
        // One row less in every bucket.
        Servers.execute(server, "CREATE TABLE kept AS SELECT * FROM bench_items");
        Servers.execute(server, "DELETE FROM bench_items WHERE id % " + Items.PER_BUCKET + " = 5");
        try {
            for (CurveReport.Request request : CurveReport.Request.values()) {
                if (request != CurveReport.Request.LOOK_UP) {
                    assertThat(run(request.work(), OptionalLong::empty).errors())
                            .as(request.title())
                            .extracting(StepResult.ErrorCount::message)
                            .allMatch(message -> message.startsWith("wrong answer"))
                            .isNotEmpty();
                }
            }
        } finally {
            Servers.execute(
                    server, "TRUNCATE bench_items; INSERT INTO bench_items SELECT * FROM kept; DROP TABLE kept");
        }
    }

    @Test
    void aChangeOfAPartOfABucketIsSeen() throws Exception {
        try (Connection connection = server.connect()) {
            Items items = new Items(connection);
            long before = items.changes();
            assertThat(before).isNotNegative();
            Servers.execute(server, "UPDATE bench_items SET hits = hits + 1 WHERE id = 77");
            assertThat(items.changes()).isEqualTo(-1);
            Servers.execute(server, "UPDATE bench_items SET hits = hits - 1 WHERE id = 77");
            assertThat(items.changes()).isEqualTo(before);
        }
    }
}
