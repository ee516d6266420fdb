package dev.pando.rehearse;

import dev.pando.lint.fact.Effect;
import dev.pando.lint.fact.LockLine;
import dev.pando.lint.fact.Step;
import dev.pando.lint.fact.Work;
import dev.pando.rehearse.output.Latency;
import dev.pando.rehearse.output.Report;
import dev.pando.rehearse.output.Report.Failures;
import dev.pando.rehearse.output.Report.Filling;
import dev.pando.rehearse.output.Report.TimeLine;
import dev.pando.rehearse.watch.Answers;
import dev.pando.rehearse.watch.Failure;
import dev.pando.rehearse.watch.FailureCount;
import dev.pando.rehearse.watch.Timing;
import dev.pando.rehearse.watch.Waits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a report of what happened. */
final class Reporting {
    /** Shorter ones say nothing of another size. */
    private static final double SHORTEST_ESTIMATED = 20;

    private static final int PARTS = 72;
    private static final double NARROWEST = 100;
    private static final int MOST_TABLES = 12;

    private final Ground ground;
    private final List<Step> foreseen;
    private final Outcome outcome;

    private Reporting(Ground ground, List<Step> foreseen, Outcome outcome) {
        this.ground = ground;
        this.foreseen = foreseen;
        this.outcome = outcome;
    }

    /** @param foreseen what lint says of the migration's statements */
    static Report report(Ground ground, List<Step> foreseen, Outcome outcome) {
        return new Reporting(ground, foreseen, outcome).report();
    }

    /** What does not depend on how it went. */
    record Ground(String words, List<String> notes, List<Filling> tables, String traffic, double budget) {}

    private Report report() {
        return new Report(
                ground.words(),
                notes(),
                ground.tables(),
                ground.traffic(),
                steps(),
                outcome.waits().relations(),
                requests(),
                failures(true),
                failures(false),
                timeLine(),
                millis(outcome.ended() - outcome.began()),
                millis(outcome.calm() - outcome.ended()),
                millis(outcome.gap()),
                ground.budget());
    }

    /** What was left out comes first. */
    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (outcome.untimed() > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%,d requests were not timed, as a client times its first %,d; those that failed are counted",
                    outcome.untimed(),
                    Answers.MOST_TIMINGS));
        }
        if (outcome.waits().more()) {
            notes.add(String.format(
                    Locale.ROOT,
                    "there were more than %,d waits; of the others only the longest of each table is told",
                    Waits.MOST_EPISODES));
        }
        notes.addAll(ground.notes());
        return notes;
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private List<Report.Step> steps() {
        List<Report.Step> steps = new ArrayList<>();
        for (int i = 0; i < outcome.ran().size(); i++) {
            MigrationRun.Ran ran = outcome.ran().get(i);
            Step known = i < foreseen.size() ? foreseen.get(i) : null;
            double time = millis(ran.ended() - ran.began());
            double own = outcome.waits().own(i) / 1e3;
            steps.add(new Report.Step(
                    ran.migration().name(),
                    ran.statement().place().line(),
                    ran.statement().sql(),
                    time,
                    own,
                    ran.attempts(),
                    ran.failure(),
                    known == null || ran.failure() != null
                            ? null
                            : estimate(known.effect(), time - own, ground.tables())));
        }
        return steps;
    }

    /** In proportion to the sizes of the tables it works through; only of work that was seen and whose sizes are known. */
    private static @Nullable String estimate(Effect effect, double time, List<Filling> tables) {
        if (effect.work().isEmpty() || time < SHORTEST_ESTIMATED) {
            return null;
        }
        double there = 0;
        double here = 0;
        for (Work work : effect.work()) {
            OptionalLong target = work.bytes();
            Filling filling = tables.stream()
                    .filter(table -> table.table().equals(work.table().qualifiedName()))
                    .findFirst()
                    .orElse(null);
            if (target.isEmpty() || filling == null || filling.bytes() == 0) {
                return null;
            }
            there += target.getAsLong();
            here += filling.bytes();
        }
        String works = effect.work().stream()
                .map(work -> work.verb() + " " + work.table().name())
                .collect(Collectors.joining(", "));
        return works + ": " + LockLine.bytes((long) here) + " here, " + LockLine.bytes((long) there)
                + " in the target; " + LockLine.time(time / 1e3 * there / here) + " there";
    }

    private List<Report.Requests> requests() {
        Map<String, List<Timing>> byTable = new LinkedHashMap<>();
        for (Timing timing : outcome.timings()) {
            timing.tables()
                    .forEach(table -> byTable.computeIfAbsent(table, none -> new ArrayList<>())
                            .add(timing));
        }
        List<Report.Requests> all = new ArrayList<>();
        byTable.forEach((table, timings) -> all.add(requests(table, timings)));
        all.sort(Comparator.comparingDouble(
                        (Report.Requests requests) -> requests.during().longest())
                .reversed());
        List<Report.Requests> most = new ArrayList<>(all.subList(0, Math.min(all.size(), MOST_TABLES)));
        boolean others =
                outcome.timings().stream().anyMatch(timing -> timing.tables().isEmpty());
        if (all.size() != 1 || others) {
            most.add(requests("", outcome.timings()));
        }
        return most;
    }

    /** Before: answered before the migration began. After: due when it had ended. */
    private Report.Requests requests(String table, List<Timing> timings) {
        return new Report.Requests(
                table,
                Latency.of(timings.stream()
                        .filter(timing -> timing.ended() < outcome.began() && timing.due() >= outcome.counted())
                        .toList()),
                Latency.of(timings.stream()
                        .filter(timing -> timing.ended() >= outcome.began() && timing.due() <= outcome.ended())
                        .toList()),
                Latency.of(timings.stream()
                        .filter(timing -> timing.due() > outcome.ended())
                        .toList()));
    }

    /** Those that came before the migration, too, or the others, which it caused. */
    private List<Failures> failures(boolean caused) {
        Map<Failure.Kind, FailureCount> all = new LinkedHashMap<>();
        outcome.failures().forEach(failure -> all.merge(failure.kind(), failure, FailureCount::plus));
        return all.values().stream()
                .filter(failure -> caused == (failure.earliest() >= outcome.began()))
                .map(failure -> new Failures(failure.count(), failure.first()))
                .sorted(Comparator.comparingLong(Failures::count).reversed())
                .toList();
    }

    private TimeLine timeLine() {
        double whole = millis(outcome.stopped() - outcome.counted());
        double width = Math.max(NARROWEST, Math.ceil(whole / PARTS / NARROWEST) * NARROWEST);
        int parts = (int) Math.max(1, Math.ceil(whole / width));
        Integer[] waiting = new Integer[parts];
        Double[] latency = new Double[parts];
        Arrays.fill(waiting, 0);
        Arrays.fill(latency, 0.0);
        for (Waits.Depth depth : outcome.waits().depths()) {
            int part = part(depth.at() - outcome.counted(), width, parts);
            waiting[part] = Math.max(waiting[part], depth.waiting());
        }
        for (Timing timing : counted()) {
            int part = part(timing.ended() - outcome.counted(), width, parts);
            latency[part] = Math.max(latency[part], millis(timing.latency()));
        }
        return new TimeLine(
                width,
                List.of(waiting),
                List.of(latency),
                part(outcome.began() - outcome.counted(), width, parts),
                part(outcome.ended() - outcome.counted(), width, parts));
    }

    private List<Timing> counted() {
        return outcome.timings().stream()
                .filter(timing -> timing.due() >= outcome.counted())
                .toList();
    }

    private static int part(long at, double width, int parts) {
        return Math.clamp((long) (millis(at) / width), 0, parts - 1);
    }
}
