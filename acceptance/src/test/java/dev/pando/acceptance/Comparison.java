package dev.pando.acceptance;

import dev.pando.acceptance.Outcome.Failed;
import dev.pando.acceptance.Outcome.Rows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs the same statements on Pando and on one plain PostgreSQL and collects every difference. Pando may refuse a statement by name; then
 * PostgreSQL does not run it either, so that both keep the same rows.
 */
final class Comparison implements AutoCloseable {
    private final Party pando;
    private final Party plain;
    private final List<String> differences = new ArrayList<>();
    private final Map<String, Integer> refusals = new TreeMap<>();
    private int compared;
    private boolean strict = true;

    Comparison(Party pando, Party plain) {
        this.pando = pando;
        this.plain = plain;
    }

    /** Both sides with the same settings of the driver. */
    static Comparison open(String... parameters) throws SQLException {
        Party pando = new Party(Shared.pando().connect(parameters));
        return new Comparison(pando, new Party(Shared.plain().connect(parameters)));
    }

    /** From now on Pando may refuse what is not marked as refused. */
    void allowRefusals() {
        strict = false;
    }

    Party pando() {
        return pando;
    }

    Party plain() {
        return plain;
    }

    List<String> differences() {
        return differences;
    }

    /** How often Pando refused, by code. */
    Map<String, Integer> refusals() {
        return refusals;
    }

    int refused() {
        return refusals.values().stream().mapToInt(Integer::intValue).sum();
    }

    int compared() {
        return compared;
    }

    void run(List<Case> cases) throws SQLException {
        for (Case each : cases) {
            run(each);
        }
    }

    void run(Case each) throws SQLException {
        compared++;
        Outcome actual = pando.run(each.sql(), each.parameters());
        if (actual instanceof Failed(String sqlState, String message) && sqlState.startsWith("08")) {
            // With both connections gone, everything after would look alike.
            throw new AssertionError(each.sql() + "\n" + message + "\n" + differences);
        }
        if (each.pandoOnly()) {
            if (actual instanceof Failed) {
                differences.add(each.sql() + "\n  pando: " + actual);
            }
            return;
        }
        if (actual instanceof Failed failed && failed.refused() && !sameError(each, failed)) {
            refusals.merge(Objects.requireNonNull(failed.code()), 1, Integer::sum);
            if (strict && !Objects.equals(each.refusal(), failed.code())) {
                differences.add(each.sql() + "\n  refused, but expected " + each.refusal() + ": " + failed.message());
            }
            abortAlike();
            return;
        }
        Outcome expected = plain.run(each.sql(), each.parameters());
        if (each.refusal() != null && !bothFailed(expected, actual)) {
            differences.add(
                    each.sql() + "\n  expected to be refused with " + each.refusal() + ", but: " + shown(actual));
        }
        String difference = difference(each, expected, actual);
        if (difference != null) {
            differences.add(each.sql() + " " + each.parameters() + "\n  " + difference);
        }
    }

    /** What Pando refuses in one protocol, PostgreSQL may find wrong first in the other. */
    private static boolean bothFailed(Outcome expected, Outcome actual) {
        return expected instanceof Failed && actual instanceof Failed;
    }

    /** PostgreSQL refuses this too, by the same SQLSTATE: asked in a way that changes nothing there. */
    private boolean sameError(Case each, Failed failed) throws SQLException {
        if (failed.sqlState().equals("0A000") || plain.inTransaction()) {
            return false;
        }
        plain.run("BEGIN");
        Outcome expected = plain.run(each.sql(), each.parameters());
        plain.run("ROLLBACK");
        return expected instanceof Failed theirs && theirs.sqlState().equals(failed.sqlState());
    }

    /** A refusal has aborted Pando's transaction. */
    private void abortAlike() throws SQLException {
        if (plain.inTransaction() && pando.inTransaction()) {
            plain.run("SELECT 1 / 0");
        }
    }

    static @Nullable String difference(Case each, Outcome expected, Outcome actual) {
        if (expected instanceof Failed theirs && actual instanceof Failed ours) {
            return theirs.sqlState().equals(ours.sqlState()) ? null : shown(expected) + "\n  pando: " + shown(actual);
        }
        Outcome left = each.ordered() ? expected : sorted(expected);
        Outcome right = each.ordered() ? actual : sorted(actual);
        return left.equals(right) ? null : "plain: " + shown(left) + "\n  pando: " + shown(right);
    }

    private static Outcome sorted(Outcome outcome) {
        return switch (outcome) {
            case Rows(List<String> columns, List<List<@Nullable String>> rows) ->
                new Rows(
                        columns,
                        rows.stream()
                                .sorted(Comparator.comparing(List::toString))
                                .toList());
            case Outcome.Count count -> count;
            case Failed failed -> failed;
        };
    }

    private static String shown(Outcome outcome) {
        String text = outcome.toString();
        return text.length() <= 600 ? text : text.substring(0, 600) + "…";
    }

    @Override
    public void close() throws SQLException {
        pando.close();
        plain.close();
    }
}
