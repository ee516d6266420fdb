package dev.pando.server.admin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.NearMiss;
import dev.pando.core.sight.RepetitionStats;
import dev.pando.core.sight.SightStats;
import dev.pando.core.sight.StatementStats;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** SHOW STATEMENTS and SHOW REPEATS. Times are microseconds, as in the other tables of the console. */
final class StatementTables {
    private static final int USUAL = 100;
    static final String COMMAND = "SHOW STATEMENTS";
    private static final Pattern WHICH =
            Pattern.compile("(?:(?:ORDER )?BY ([A-Z0-9_]+)(?: (ASC|DESC))?)?(?: ?LIMIT ([0-9]{1,9}))?");

    private final AdminView view;

    StatementTables(AdminView view) {
        this.view = view;
    }

    /** {@code SHOW STATEMENTS [ORDER BY column [ASC|DESC]] [LIMIT n]}. */
    AdminResult statements(AdminStatement statement) {
        String which = statement.words().substring(COMMAND.length()).strip();
        Matcher asked = WHICH.matcher(which);
        if (!asked.matches()) {
            throw new PandoException(
                    PandoError.ADMIN_REFUSED,
                    COMMAND + " " + which,
                    "it is SHOW STATEMENTS [ORDER BY column [ASC | DESC]] [LIMIT n]");
        }
        StatementOrder order = asked.group(1) == null ? StatementOrder.TOTAL_TIME : order(asked.group(1));
        int most = asked.group(3) == null ? USUAL : Integer.parseInt(asked.group(3));
        SightStats sight = view.sight();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (StatementStats each : order.sorted(sight.statements(), "ASC".equals(asked.group(2)), most)) {
            List<@Nullable Object> row = new ArrayList<>(PoolerTables.row(
                    each.id(), each.account().database(), each.account().user()));
            for (StatementOrder column : StatementOrder.values()) {
                row.add(column.of(each));
            }
            row.add(each.text());
            row.add(String.join("; ", each.why()));
            rows.add(row);
        }
        List<String> columns = new ArrayList<>(List.of("#id", "database", "user"));
        StatementOrder.words().forEach(word -> columns.add("#" + word));
        columns.addAll(List.of("statement", "plan"));
        return noted(AdminResult.typed(columns, rows), sight);
    }

    private static StatementOrder order(String word) {
        StatementOrder order = StatementOrder.named(word);
        if (order == null) {
            String asked = word.toLowerCase(Locale.ROOT);
            String meant = NearMiss.closest(asked, StatementOrder.words());
            throw new PandoException(
                    PandoError.ADMIN_REFUSED,
                    "ORDER BY " + asked,
                    meant == null
                            ? "there are " + String.join(", ", StatementOrder.words())
                            : "did you mean " + meant + "?");
        }
        return order;
    }

    /** The client is told of what is missing. */
    private static AdminResult noted(AdminResult result, SightStats sight) {
        if (sight.dropped() == 0) {
            return result;
        }
        String missing = sight.dropped() + " statements with " + sight.droppedCalls()
                + " calls have made room for others (statements.max)";
        return new AdminResult(result.columns(), result.numbers(), result.rows(), result.tag(), List.of(missing));
    }

    /** The dearest first. */
    AdminResult repeats() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        view.sight().statements().stream()
                .filter(statement -> statement.repetition() != null)
                .sorted(Comparator.comparingLong(StatementTables::cost).reversed())
                .forEach(statement -> {
                    RepetitionStats found = Objects.requireNonNull(statement.repetition());
                    rows.add(PoolerTables.row(
                            statement.id(),
                            statement.account().database(),
                            statement.account().user(),
                            found.runs(),
                            found.repeats(),
                            found.longest(),
                            PoolerTables.micros(found.nanos()),
                            PoolerTables.micros(found.pauses()),
                            statement.text(),
                            found.after(),
                            found.remedy().batched(),
                            found.remedy().advice()));
                });
        return AdminResult.typed(
                List.of(
                        "#id",
                        "database",
                        "user",
                        "#runs",
                        "#repeats",
                        "#longest_run",
                        "#statement_time",
                        "#pause_time",
                        "statement",
                        "after",
                        "batched",
                        "advice"),
                rows);
    }

    private static long cost(StatementStats statement) {
        RepetitionStats found = statement.repetition();
        return found == null ? 0 : found.nanos() + found.pauses();
    }
}
