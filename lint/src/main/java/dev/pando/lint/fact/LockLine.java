package dev.pando.lint.fact;

import dev.pando.lab.oracle.LockMode;
import dev.pando.lab.oracle.Outcome;
import dev.pando.lab.oracle.RelationLock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The facts of a statement in one line: "AccessExclusive on orders and on customers, scans 41 GB, about 3 min; blocks every query". */
public final class LockLine {
    private LockLine() {}

    public static String of(Effect effect, Speeds speeds) {
        return switch (effect.outcome()) {
            case Outcome.Unknown unknown -> "locks unknown: " + unknown.reason();
            case Outcome.Failed failed -> "fails: " + failed.message() + " (" + failed.sqlState() + ")";
            case Outcome.Observed _ when effect.doubts().isEmpty() -> observed(effect, speeds);
            case Outcome.Observed _
            when effect.locks().isEmpty() -> "locks unknown: " + String.join("; ", effect.doubts());
            case Outcome.Observed _ -> "at least: " + observed(effect, speeds);
        };
    }

    private static String observed(Effect effect, Speeds speeds) {
        List<String> parts = new ArrayList<>();
        Map<LockMode, Set<String>> byMode = new LinkedHashMap<>();
        for (RelationLock lock : effect.locks()) {
            byMode.computeIfAbsent(lock.mode(), mode -> new LinkedHashSet<>()).add(name(lock));
        }
        byMode.forEach((mode, names) -> parts.add(mode(mode) + " on " + joined(names)));
        if (parts.isEmpty()) {
            parts.add("locks no table that was there before");
        }
        parts.addAll(work(effect, speeds));
        String blocks = effect.strongest().map(LockLine::blocks).orElse("");
        return String.join(", ", parts) + (blocks.isEmpty() ? "" : "; " + blocks);
    }

    /** As the manual and {@code pg_locks} call it, without the word Lock. */
    public static String mode(LockMode mode) {
        String name = mode.serverName();
        return name.substring(0, name.length() - "Lock".length());
    }

    /** What waits while the lock is held. */
    public static String blocks(LockMode mode) {
        if (mode.blocksReads()) {
            return "blocks every query";
        }
        return mode.blocksWrites() ? "blocks writes" : "blocks neither reads nor writes";
    }

    static List<String> work(Effect effect, Speeds speeds) {
        List<String> parts = new ArrayList<>();
        double seconds = 0;
        boolean sized = true;
        for (Work work : effect.work()) {
            String size = work.bytes().isPresent() ? bytes(work.bytes().getAsLong()) : "size unknown";
            parts.add(work.verb() + " " + work.table().name() + " (" + size + ")");
            seconds += work.seconds(speeds);
            sized &= work.bytes().isPresent();
        }
        if (!parts.isEmpty()) {
            parts.add(sized ? time(seconds) : "takes time in proportion to its size");
        }
        return parts;
    }

    private static String name(RelationLock lock) {
        String name = lock.relation().name();
        return lock.relation().schema().equals("public")
                ? name
                : lock.relation().schema() + "." + name;
    }

    private static String joined(Set<String> names) {
        return String.join(" and on ", names);
    }

    /** "about 3 min"; never more exact than an estimate is. */
    public static String time(double seconds) {
        if (seconds < 1) {
            return seconds < 0.1 ? "under 0.1 s" : String.format(Locale.ROOT, "about %.1f s", seconds);
        }
        if (seconds < 90) {
            return "about " + Math.round(seconds) + " s";
        }
        if (seconds < 5_400) {
            return "about " + Math.round(seconds / 60) + " min";
        }
        return String.format(Locale.ROOT, "about %.1f h", seconds / 3_600);
    }

    public static String bytes(long bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1_000 && unit < units.length - 1) {
            value /= 1_000;
            unit++;
        }
        return value >= 10 || unit == 0
                ? Math.round(value) + " " + units[unit]
                : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
