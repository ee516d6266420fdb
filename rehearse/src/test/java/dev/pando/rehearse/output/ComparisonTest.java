package dev.pando.rehearse.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.oracle.LockMode;
import dev.pando.lint.output.Paint;
import dev.pando.rehearse.output.Comparison.Better;
import dev.pando.rehearse.output.Comparison.Named;
import dev.pando.rehearse.output.Report.Failures;
import dev.pando.rehearse.output.Report.Requests;
import dev.pando.rehearse.output.Report.Step;
import dev.pando.rehearse.output.Report.TimeLine;
import dev.pando.rehearse.watch.Blame;
import dev.pando.rehearse.watch.Failure;
import dev.pando.rehearse.watch.RelationWait;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Latency SOME = new Latency(9, 1, 2, 3);
    private static final Failure REFUSED = new Failure("42703", "column \"note\" does not exist", "SELECT note");

    private static Report report(long waited, boolean migrated, int failed) {
        Blame blame = new Blame(0, 0, LockMode.ACCESS_EXCLUSIVE, true);
        return new Report(
                "PostgreSQL 18.6",
                List.of(),
                List.of(),
                "16 clients",
                List.of(new Step(
                        "m.sql", 3, "ALTER TABLE orders ADD x int", 40, 0, 1, migrated ? null : REFUSED, null)),
                waited == 0
                        ? List.of()
                        : List.of(new RelationWait("public.orders", 5, waited * 1_000, waited * 1_000, 4, blame)),
                List.of(new Requests("public.orders", SOME, SOME, SOME)),
                failed == 0 ? List.of() : List.of(new Failures(failed, REFUSED)),
                List.of(),
                new TimeLine(100, List.of(0, 4), List.of(3.0, 1.0), 0, 0),
                40,
                0,
                12,
                100);
    }

    private static Better better(Report one, Report other) {
        return new Comparison(new Named("a.sql", one), new Named("b.sql", other), List.of()).better();
    }

    @Test
    void theOneThatDisturbsLessIsBetter() {
        Report good = report(90, true, 0);
        assertThat(better(report(2_000, true, 0), good)).isEqualTo(Better.OTHER);
        assertThat(better(good, report(2_000, true, 0))).isEqualTo(Better.ONE);
        assertThat(better(good, report(0, true, 0))).as("both are good enough").isEqualTo(Better.NEITHER);
        assertThat(better(report(0, false, 0), report(2_000, true, 0)))
                .as("it fails")
                .isEqualTo(Better.OTHER);
        assertThat(better(report(2_000, true, 0), report(200, true, 7))).isEqualTo(Better.ONE);
        assertThat(better(report(2_000, true, 0), report(1_500, true, 0)))
                .as("it might be the other way round next time")
                .isEqualTo(Better.NEITHER);
        assertThat(better(report(2_000, true, 0), report(500, true, 0))).isEqualTo(Better.OTHER);
        assertThat(better(report(140, true, 0), report(110, true, 0)))
                .as("within noise of the budget")
                .isEqualTo(Better.NEITHER);
    }

    @Test
    void bothAreShownSideBySideWithTheVerdict() {
        var comparison = new Comparison(
                new Named("naive.sql", report(2_000, true, 0)),
                new Named("safe.sql", report(0, true, 0)),
                List.of("public.orders"));

        assertThat(String.join("\n", TerminalComparison.lines(comparison, new Paint(false))) + "\n")
                .isEqualTo("""
                copy     PostgreSQL 18.6
                traffic  16 clients

                A  naive.sql  done in 40 ms
                  line   time  waited itself  statement
                     3  40 ms                 ALTER TABLE orders ADD x int

                B  safe.sql  done in 40 ms
                  line   time  waited itself  statement
                     3  40 ms                 ALTER TABLE orders ADD x int

                who waited for it  looked at every 10 ms, longest gap 12 ms and 12 ms
                  table      waits  longest     p99  queue  because of
                  orders  A      5   2.00 s  2.00 s      4  AccessExclusive of line 3
                          B      -

                requests  from when they were due to their answer: p50 / p99 / longest, in ms
                  table               before           during            after  requests during
                  orders  A  1.0 / 2.0 / 3.0  1.0 / 2.0 / 3.0  1.0 / 2.0 / 3.0                9
                          B  1.0 / 2.0 / 3.0  1.0 / 2.0 / 3.0  1.0 / 2.0 / 3.0                9

                A
                  waiting  ▁█  most 4
                  slowest  █▄  most 3.0 ms
                           ^ the migration; 100 ms a column

                B
                  waiting  ▁█  most 4
                  slowest  █▄  most 3.0 ms
                           ^ the migration; 100 ms a column

                A  somebody waited 2.00 s, more than 100 ms
                B  nobody was seen to wait
                the schemas they leave behind differ: public.orders
                B, safe.sql, may run
                """);
    }
}
