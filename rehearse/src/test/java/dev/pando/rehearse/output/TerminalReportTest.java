package dev.pando.rehearse.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.oracle.LockMode;
import dev.pando.lint.output.Paint;
import dev.pando.rehearse.output.Report.Failures;
import dev.pando.rehearse.output.Report.Filling;
import dev.pando.rehearse.output.Report.Requests;
import dev.pando.rehearse.output.Report.Step;
import dev.pando.rehearse.output.Report.TimeLine;
import dev.pando.rehearse.watch.Blame;
import dev.pando.rehearse.watch.Failure;
import dev.pando.rehearse.watch.RelationWait;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TerminalReportTest {
    private static final String FILE = "V7__orders.sql";
    private static final Latency NONE = new Latency(0, 0, 0, 0);

    private static String text(Report report, String next) {
        return String.join("\n", TerminalReport.lines(report, new Paint(false), next)) + "\n";
    }

    private static Report disturbed() {
        var refused = new Failure("42701", "column \"paid\" exists", "ALTER TABLE orders\n  ADD COLUMN paid int");
        return new Report(
                "PostgreSQL 18.6, made in 1.0 s",
                List.of("n1", "n2", "n3", "n4", "n5", "n6", "n7"),
                List.of(
                        new Filling("public.orders", 300_000, 18 << 20, OptionalDouble.of(5e9), null),
                        new Filling("shop.items", 0, 0, OptionalDouble.empty(), "no value satisfies its CHECK")),
                "16 clients",
                List.of(
                        new Step(FILE, 1, "ALTER TABLE orders ADD paid int", 2_613, 1_200, 3, null, "scans orders: x"),
                        new Step(FILE, 4, refused.sql(), 0.5, 0, 1, refused, null)),
                List.of(
                        new RelationWait(
                                "public.orders",
                                11,
                                2_580_000,
                                2_000_000,
                                11,
                                new Blame(0, 1, LockMode.ACCESS_EXCLUSIVE, true)),
                        new RelationWait("shop.items", 2, 90_000, 90_000, 1, new Blame(0, 0, LockMode.SHARE, false)),
                        new RelationWait("", 1, 4_000, 4_000, 1, new Blame(1, 1, null, true))),
                List.of(
                        new Requests(
                                "public.orders",
                                new Latency(9, 3.5, 40, 41),
                                new Latency(1_084, 1_321, 2_568, 2_614),
                                NONE),
                        new Requests("", new Latency(9, 3.5, 240, 241), new Latency(1_084, 1_321, 2_568, 2_614), NONE)),
                List.of(new Failures(1_200, new Failure("42703", "column \"note\" does not exist", "SELECT note"))),
                List.of(new Failures(1, new Failure("23505", "duplicate key", "INSERT"))),
                new TimeLine(200, List.of(0, 8, 16, 0), List.of(10.0, 500.0, 2_614.0, 20.0), 1, 2),
                2_614,
                100,
                19,
                100);
    }

    @Test
    void whoWaitedForWhatAndWhatFailed() {
        assertThat(text(disturbed(), "do that")).isEqualTo("""
                note: n1
                note: n2
                note: n3
                note: n4
                note: n5
                note: 2 more of these
                copy     PostgreSQL 18.6, made in 1.0 s
                         orders: 300,000 rows, 19 MB (5.0 GB in the target)
                         shop.items is empty, nothing is said of it: no value satisfies its CHECK
                traffic  16 clients

                the migration  failed after 2.61 s
                  line    time  waited itself  statement
                     1  2.61 s         1.20 s  ALTER TABLE orders ADD paid int  (attempt 3)
                     4  0.5 ms                 ALTER TABLE orders ADD COLUMN paid int
                  line 4 fails: column "paid" exists (42701)

                who waited for it  looked at every 10 ms, longest gap 19 ms
                  table       waits  longest     p99  queue  because of
                  orders         11   2.58 s  2.00 s     11  AccessExclusive of line 1, held up to line 4
                  shop.items      2    90 ms   90 ms      1  line 1 waiting for Share
                  (rows)          1   4.0 ms  4.0 ms      1  line 4

                requests  from when they were due to their answer: p50 / p99 / longest, in ms
                  table            before                 during  after  requests during
                  orders    3.5 / 40 / 41  1,321 / 2,568 / 2,614      -            1,084
                  all     3.5 / 240 / 241  1,321 / 2,568 / 2,614      -            1,084
                  this machine was busy before the migration, too: rely on who waited, or ask less with --rate

                failed since the migration began
                  1,200 × column "note" does not exist (42703)
                      first: SELECT note

                failed before the migration, too  not held against it
                  1 × duplicate key (23505)
                      first: INSERT

                  waiting  ▁▅█▁  most 16
                  slowest  ▂▃█▂  most 2.61 s
                            └┘ the migration; 200 ms a column

                in the target  line 1 scans orders: x
                the migration failed; somebody waited 2.58 s, more than 100 ms; 1,200 requests failed
                next: do that
                """);
    }

    @Test
    void nobodyWaited() {
        Report report = new Report(
                "PostgreSQL 18.6",
                List.of(),
                List.of(new Filling("public.orders", 10, 8192, OptionalDouble.empty(), null)),
                "16 clients",
                List.of(new Step(FILE, 1, "CREATE INDEX CONCURRENTLY ON orders (note)", 40, 0, 1, null, null)),
                List.of(),
                List.of(new Requests("public.orders", new Latency(9, 1, 2, 3), new Latency(1, 1, 1, 1), NONE)),
                List.of(),
                List.of(),
                new TimeLine(100, List.of(0, 0), List.of(3.0, 1.0), 0, 0),
                40,
                0,
                12,
                100);

        assertThat(text(report, "")).isEqualTo("""
                copy     PostgreSQL 18.6
                         orders: 10 rows, 8.2 kB
                traffic  16 clients

                the migration  done in 40 ms
                  line   time  waited itself  statement
                     1  40 ms                 CREATE INDEX CONCURRENTLY ON orders (note)

                who waited for it  nobody that was seen, looking every 10 ms (longest gap 12 ms)

                requests  from when they were due to their answer: p50 / p99 / longest, in ms
                  table            before           during  after  requests during
                  orders  1.0 / 2.0 / 3.0  1.0 / 1.0 / 1.0      -                1

                  waiting  ▁▁  most 0
                  slowest  █▄  most 3.0 ms
                           ^ the migration; 100 ms a column

                nobody was seen to wait
                """);
    }
}
