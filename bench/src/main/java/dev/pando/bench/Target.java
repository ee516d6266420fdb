package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pando.base.terminal.TextTable;
import dev.pando.bench.Contestant.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A figure Pando is to reach.
 *
 * @param atLeast whether the bound is the least, or else the most
 */
record Target(String what, double bound, boolean atLeast, String unit, double measured) {
    private static final int MANY = 10_000;

    @JsonProperty
    boolean met() {
        return atLeast ? measured >= bound : measured <= bound;
    }

    /** Those that {@code results} and {@code resting} have figures for. */
    static List<Target> of(List<PointResult> results, List<Resting> resting) {
        List<Target> targets = new ArrayList<>();
        for (PointResult result : results) {
            Point point = result.point();
            String where = "select-only, " + point.protocol().toString().toLowerCase(Locale.ROOT) + ", "
                    + Lines.count(point.clients()) + (point.clients() == 1 ? " client" : " clients");
            if (point.scenario() == Scenario.SELECT_ONLY) {
                throughput(result, where, targets);
                if (point.clients() == MANY) {
                    add(targets, "p99 ÷ p50, " + where, 1.4, false, "", tail(result));
                }
            }
        }
        for (Resting rest : resting) {
            if (rest.kind() == Kind.PANDO) {
                resting(rest, targets);
            }
        }
        return targets;
    }

    private static void throughput(PointResult result, String where, List<Target> targets) {
        OptionalDouble rate = result.ratio(Kind.PANDO, Kind.PGBOUNCER, Sample::rate);
        if (result.point().clients() == 1) {
            add(targets, "TPS, " + where, 0.95, true, " × PgBouncer", rate);
        } else if (result.point().clients() == 64) {
            add(targets, "TPS, " + where, 1.1, true, " × PgBouncer", rate);
            OptionalDouble cpu = result.ratio(Kind.PANDO, Kind.PGBOUNCER, Sample::cpuPerMillion);
            add(targets, "CPU, " + where, 1.0, false, " × PgBouncer", cpu);
        }
    }

    private static OptionalDouble tail(PointResult result) {
        return result.median(
                Kind.PANDO,
                sample ->
                        sample.step().latency().p99() / sample.step().latency().p50());
    }

    private static void resting(Resting rest, List<Target> targets) {
        if (rest.startUps() != null) {
            double median = rest.startUps().milliseconds();
            add(targets, "start to first answer, median", 700, false, " ms", OptionalDouble.of(median));
        }
        if (rest.restKilobytes() > 0) {
            add(targets, "memory at rest", 150, false, " MB", OptionalDouble.of(rest.restKilobytes() / 1024.0));
        }
        if (rest.restKilobytes() > 0 && rest.idleClients() > 0 && rest.clean()) {
            String what = "memory per idle client, " + Lines.count(rest.idleClients()) + " clients";
            add(targets, what, 12, false, " kB", OptionalDouble.of(rest.kilobytesPerClient()));
        }
    }

    private static void add(
            List<Target> targets, String what, double bound, boolean atLeast, String unit, OptionalDouble measured) {
        measured.ifPresent(value -> targets.add(new Target(what, bound, atLeast, unit, value)));
    }

    static String render(List<Target> targets) {
        TextTable table = new TextTable("target", "asked", "measured", "");
        table.leftAlign(0, 3);
        for (Target target : targets) {
            table.row(
                    target.what,
                    (target.atLeast ? "≥ " : "≤ ") + number(target.bound) + target.unit,
                    number(target.measured) + target.unit,
                    target.met() ? "met" : "missed by " + target.missedBy());
        }
        return table.render();
    }

    private String missedBy() {
        return String.format(Locale.ROOT, "%.0f %%", 100 * Math.abs(measured - bound) / bound);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
