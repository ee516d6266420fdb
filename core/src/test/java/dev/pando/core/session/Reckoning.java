package dev.pando.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Holds what one client was told, and what is in the shards, against what one PostgreSQL would have said and kept. */
final class Reckoning {
    private final World.Faults faults;
    private final World world;
    private final Script script;
    private final Map<String, String> startup;

    Reckoning(World.Faults faults, World world, Script script, Map<String, String> startup) {
        this.faults = faults;
        this.world = world;
        this.script = script;
        this.startup = startup;
    }

    void check() {
        answers();
        script.program().units().forEach(this::unit);
        new Hearing(world, script).check();
        new PreparedReckoning(world, script).check();
    }

    private void answers() {
        List<String> expected =
                normal(Reference.run(script.program(), startup).script().answers());
        List<String> actual = earlyConfirmations(expected, normal(script.answers()));
        for (int i = 0; i < actual.size(); i++) {
            String line = actual.get(i);
            boolean same = i < expected.size() && same(expected.get(i), line);
            if (!same && faults.any() && firstFault(actual, i) >= 0) {
                explained(actual);
                return;
            }
            if (!same) {
                throw new World.Violation("answer " + i + " is \"" + line + "\" but should be \""
                        + (i < expected.size() ? expected.get(i) : "nothing") + "\", after "
                        + actual.subList(Math.max(0, i - 6), i) + "\nof steps "
                        + script.program().steps().stream()
                                .map(Program.Step::label)
                                .toList());
            }
        }
        if (!faults.any() && actual.size() < expected.size()) {
            throw new World.Violation("answer ends before " + expected.get(actual.size()));
        }
    }

    /**
     * A statement for several shards is checked by their servers only when it runs: its ParseComplete and BindComplete may come before an
     * error that one PostgreSQL would have given in their place.
     */
    private static List<String> earlyConfirmations(List<String> expected, List<String> actual) {
        List<String> result = new ArrayList<>(actual);
        for (int i = 0; i < Math.min(expected.size(), result.size()); i++) {
            while (expected.get(i).startsWith("E ")
                    && (result.get(i).equals("1") || result.get(i).equals("2"))) {
                result.remove(i);
                if (i == result.size()) {
                    return result;
                }
            }
        }
        return result;
    }

    /** The first error by a fault up to a place where answers part; a row sent before it may be the place itself. */
    private static int firstFault(List<String> actual, int until) {
        for (int i = 0; i < actual.size(); i++) {
            if (Simulation.fromFault(actual.get(i))) {
                return i <= until || rowsOnly(actual, until, i) ? i : -1;
            }
        }
        return rowsOnly(actual, until, actual.size()) ? until : -1;
    }

    private static boolean rowsOnly(List<String> actual, int from, int to) {
        return actual.subList(from, to).stream().allMatch(line -> line.startsWith("D ") || line.startsWith("d "));
    }

    private static void explained(List<String> actual) {
        for (String line : actual) {
            if (!Simulation.explained(line)) {
                throw new World.Violation("an error no fault explains: " + line);
            }
        }
    }

    /** Errors are the same when their SQLSTATE is. */
    private static boolean same(String expected, String actual) {
        return expected.startsWith("E ") ? actual.startsWith(expected.substring(0, 7)) : expected.equals(actual);
    }

    /** Rows whose order nobody promised, sorted: those of two columns, and those of COPY. */
    private static List<String> normal(List<String> answers) {
        List<String> result = new ArrayList<>();
        List<String> run = new ArrayList<>();
        for (String line : answers) {
            boolean unordered = line.startsWith("d ")
                    || (line.startsWith("D ")
                            && line.chars().filter(c -> c == '|').count() == 1);
            if (unordered) {
                run.add(line);
            } else {
                run.stream().sorted().forEach(result::add);
                run.clear();
                result.add(line);
            }
        }
        run.stream().sorted().forEach(result::add);
        return result;
    }

    private void unit(Program.Unit unit) {
        Set<Long> present = new TreeSet<>();
        for (ModelServer server : world.servers()) {
            for (long key : unit.keys()) {
                if (server.database().table(unit.table()).containsKey(key)) {
                    present.add(key);
                }
            }
        }
        Verdict verdict = Verdict.of(script, unit.segment(), faults.any());
        boolean all = present.equals(unit.keys());
        boolean none = present.isEmpty();
        boolean kept = switch (verdict) {
            case ALL -> all;
            case NONE -> none;
            case EITHER -> all || none;
            case ANY -> true;
        };
        if (!kept) {
            throw new World.Violation(
                    "of the rows " + new TreeSet<>(unit.keys()) + " of " + unit.table() + " there are " + present
                            + " but the client was told " + verdict + " by " + script.answer(unit.segment()));
        }
    }
}
