package dev.pando.server.admin;

import dev.pando.server.admin.AdminView.DatabaseView;
import dev.pando.server.admin.AdminView.TrafficView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * SHOW STATS and its relatives, as PgBouncer has them: totals since the start and averages of the last full period. Times are microseconds.
 * What clients do is counted for all together, so before several shards or databases those columns are NULL but in SHOW TOTALS.
 */
final class TrafficTables {
    private final AdminView view;

    TrafficTables(AdminView view) {
        this.view = view;
    }

    /** One number: its name among totals and among averages, its meter, what it is divided by in an average, and whether it is a time. */
    private record Figure(String total, String average, Meter meter, Per per, boolean time, boolean ofClients) {
        long total(Totals totals) {
            long count = totals.of(meter);
            return time ? PoolerTables.micros(count) : count;
        }

        long average(Totals recent, long seconds) {
            long by = switch (per) {
                case SECOND -> seconds;
                case TRANSACTION -> recent.of(Meter.TRANSACTIONS);
                case STATEMENT -> recent.of(Meter.STATEMENTS);
            };
            return by == 0 ? 0 : total(recent) / by;
        }

        /** In SHOW STATS_TOTALS, which calls bytes by another name. */
        String plain(String name) {
            return switch (name) {
                case "received", "recv" -> "bytes_received";
                case "sent" -> "bytes_sent";
                default -> name;
            };
        }
    }

    private enum Per {
        SECOND,
        TRANSACTION,
        STATEMENT
    }

    private static final List<Figure> FIGURES = List.of(
            count("server_assignment_count", Meter.LEASES),
            count("xact_count", Meter.TRANSACTIONS),
            count("query_count", Meter.STATEMENTS),
            // Of the server's side, which is the client's but for what Pando says on its own.
            new Figure("received", "recv", Meter.SENT_BYTES, Per.SECOND, false, false),
            count("sent", Meter.RECEIVED_BYTES),
            new Figure("xact_time", "xact_time", Meter.LEASE_NANOS, Per.TRANSACTION, true, false),
            new Figure("query_time", "query_time", Meter.BUSY_NANOS, Per.STATEMENT, true, false),
            new Figure("wait_time", "wait_time", Meter.WAIT_NANOS, Per.SECOND, true, false),
            new Figure("client_parse_count", "client_parse_count", Meter.CLIENT_PARSES, Per.SECOND, false, true),
            count("server_parse_count", Meter.PARSES),
            count("bind_count", Meter.BINDS),
            new Figure("client_login_count", "client_login_count", Meter.LOGINS, Per.SECOND, false, true));

    private static Figure count(String name, Meter meter) {
        return new Figure(name, name, meter, Per.SECOND, false, false);
    }

    AdminResult both() {
        List<String> columns = new ArrayList<>(List.of("database"));
        FIGURES.forEach(figure -> columns.add("#total_" + figure.total()));
        FIGURES.forEach(figure -> columns.add("#avg_" + figure.average()));
        columns.add("#total_errors");
        return rows(columns, (row, traffic) -> {
            FIGURES.forEach(figure -> row.add(total(figure, traffic)));
            FIGURES.forEach(figure -> row.add(average(figure, traffic)));
            row.add(traffic.total().of(Meter.ERRORS));
            return row;
        });
    }

    AdminResult totals() {
        List<String> columns = new ArrayList<>(List.of("database"));
        FIGURES.forEach(figure -> columns.add("#" + figure.plain(figure.total())));
        return rows(columns, (row, traffic) -> {
            FIGURES.forEach(figure -> row.add(total(figure, traffic)));
            return row;
        });
    }

    AdminResult averages() {
        List<String> columns = new ArrayList<>(List.of("database"));
        FIGURES.forEach(figure -> columns.add("#" + figure.plain(figure.average())));
        return rows(columns, (row, traffic) -> {
            FIGURES.forEach(figure -> row.add(average(figure, traffic)));
            return row;
        });
    }

    /** All shards together, one number per row. */
    AdminResult sum() {
        TrafficView clients = view.clientTraffic();
        Totals total = clients.total();
        Totals recent = clients.recent();
        for (TrafficView traffic : view.traffic()) {
            total = total.plus(traffic.total());
            recent = recent.plus(traffic.recent());
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Figure figure : FIGURES) {
            rows.add(PoolerTables.row("total_" + figure.total(), figure.total(total)));
        }
        for (Figure figure : FIGURES) {
            rows.add(PoolerTables.row(
                    "avg_" + figure.average(),
                    figure.average(recent, clients.period().toSeconds())));
        }
        return AdminResult.typed(List.of("name", "#value"), rows);
    }

    private AdminResult rows(
            List<String> columns, BiFunction<List<@Nullable Object>, TrafficView, List<@Nullable Object>> fill) {
        List<DatabaseView> databases = view.databases();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (TrafficView traffic : view.traffic()) {
            List<@Nullable Object> row = new ArrayList<>();
            row.add(PoolerTables.title(databases, traffic.place()));
            rows.add(fill.apply(row, traffic));
        }
        return AdminResult.typed(columns, rows);
    }

    private @Nullable Long total(Figure figure, TrafficView traffic) {
        if (!figure.ofClients()) {
            return figure.total(traffic.total());
        }
        return several() ? null : (Long) figure.total(view.clientTraffic().total());
    }

    private @Nullable Long average(Figure figure, TrafficView traffic) {
        long seconds = traffic.period().toSeconds();
        if (!figure.ofClients()) {
            return figure.average(traffic.recent(), seconds);
        }
        return several() ? null : (Long) figure.average(view.clientTraffic().recent(), seconds);
    }

    private boolean several() {
        return view.databases().stream()
                        .mapToInt(database -> database.shards().size())
                        .sum()
                > 1;
    }
}
