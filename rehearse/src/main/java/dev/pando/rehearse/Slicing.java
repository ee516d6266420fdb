package dev.pando.rehearse;

import dev.pando.rehearse.output.Course;
import dev.pando.rehearse.output.Course.Slice;
import dev.pando.rehearse.output.Latency;
import dev.pando.rehearse.watch.Timing;
import dev.pando.rehearse.watch.Waits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Cuts what happened into slices of time. */
final class Slicing {
    private static final int MOST_SLICES = 200;
    private static final double NARROWEST = 50;

    private Slicing() {}

    /** Of a slice, the same for all outcomes. */
    static double width(List<Outcome> outcomes) {
        double longest = millis(outcomes.stream()
                .mapToLong(outcome -> outcome.stopped() - outcome.counted())
                .max()
                .orElseThrow());
        return Math.max(NARROWEST, Math.ceil(longest / MOST_SLICES / NARROWEST) * NARROWEST);
    }

    static Course course(Outcome outcome, double width) {
        double whole = millis(outcome.stopped() - outcome.counted());
        int parts = (int) Math.max(1, Math.ceil(whole / width));
        List<List<Timing>> timings = new ArrayList<>();
        List<Map<Integer, Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            timings.add(new ArrayList<>());
            waiting.add(new HashMap<>());
        }
        // By when they were due: then they show whom a stop met, and there are some at any time.
        outcome.timings().stream()
                .filter(timing -> timing.due() >= outcome.counted())
                .forEach(timing -> timings.get(part(timing.due() - outcome.counted(), width, parts))
                        .add(timing));
        for (Waits.Depth depth : outcome.waits().depths()) {
            Map<Integer, Integer> most = waiting.get(part(depth.at() - outcome.counted(), width, parts));
            depth.steps().forEach((step, sessions) -> most.merge(step, sessions, Math::max));
        }
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            List<Timing> due = timings.get(i);
            slices.add(new Slice(due.isEmpty() ? null : Latency.of(due), waiting.get(i)));
        }
        List<Course.Span> spans = outcome.ran().stream()
                .map(ran -> new Course.Span(
                        millis(ran.began() - outcome.counted()), millis(ran.ended() - outcome.counted())))
                .toList();
        return new Course(width, slices, spans);
    }

    private static int part(long at, double width, int parts) {
        return Math.clamp((long) (millis(at) / width), 0, parts - 1);
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
