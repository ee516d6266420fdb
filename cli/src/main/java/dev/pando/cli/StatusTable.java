package dev.pando.cli;

import dev.pando.server.http.StatsReport;
import dev.pando.server.http.StatsReport.Part;
import dev.pando.server.http.StatsReport.Pool;
import dev.pando.server.http.StatsReport.Server;
import dev.pando.server.http.StatsReport.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lays a report out as text: first the servers, then the tables. A dash stands for what is not known. */
final class StatusTable {
    private static final String UNKNOWN = "-";

    private StatusTable() {}

    static List<String> lines(StatsReport report) {
        List<String> lines = new ArrayList<>(Columns.layOut(
                List.of(
                        "shard",
                        "role",
                        "address",
                        "state",
                        "WAL",
                        "lag",
                        "pool: leased",
                        "idle",
                        "waiting",
                        "database"),
                "lllllrrrrr",
                servers(report)));
        lines.add("");
        lines.addAll(troubles(report));
        if (report.tables().isEmpty()) {
            lines.add("No table is distributed yet: SELECT pando.distribute('table', 'key')");
        } else {
            lines.addAll(Columns.layOut(
                    List.of("table", "placement", "shard", "rows", "bytes", "share of rows", "share of keys"),
                    "lllrrrr",
                    tables(report)));
        }
        lines.add("");
        lines.add(number((long) report.clients()) + (report.clients() == 1 ? " client" : " clients") + ", up "
                + duration(report.uptimeSeconds()) + ", shard map " + report.epoch() + ", asked in "
                + report.tookMillis() + " ms");
        return lines;
    }

    private static List<List<String>> servers(StatsReport report) {
        List<List<String>> rows = new ArrayList<>();
        for (Shard shard : report.shards()) {
            Pool pool = shard.pool();
            rows.add(List.of(
                    shard.name(),
                    "primary",
                    shard.primary().address(),
                    shard.primary().state(),
                    text(shard.primary().walPosition()),
                    "",
                    pool == null ? UNKNOWN : pool.leased() + " of " + pool.size(),
                    pool == null ? UNKNOWN : Integer.toString(pool.idle()),
                    pool == null ? UNKNOWN : pool.waiting() + (pool.paused() ? ", paused" : ""),
                    bytes(shard.databaseBytes())));
            for (Server replica : shard.replicas()) {
                rows.add(List.of(
                        "",
                        "replica",
                        replica.address(),
                        replica.state(),
                        text(replica.walPosition()),
                        lag(replica),
                        "",
                        "",
                        "",
                        ""));
            }
        }
        return rows;
    }

    private static List<List<String>> tables(StatsReport report) {
        List<List<String>> rows = new ArrayList<>();
        for (StatsReport.Table table : report.tables()) {
            String placement =
                    table.function() == null ? table.placement() : table.placement() + ", " + table.function();
            String name = table.name();
            for (Shard shard : report.shards()) {
                for (Part part : shard.tables()) {
                    if (part.table().equals(table.name())) {
                        rows.add(part(name, placement, shard, part));
                        name = "";
                        placement = "";
                    }
                }
            }
            rows.add(List.of("", "", "all", number(table.rows()), bytes(table.bytes()), "", ""));
        }
        return rows;
    }

    private static List<String> part(String name, String placement, Shard shard, Part part) {
        return List.of(
                name,
                placement,
                shard.name(),
                (part.rowsEstimated() && part.rows() != null ? "~" : "") + number(part.rows()),
                bytes(part.bytes()),
                share(part.rowShare()),
                share(part.keyShare()));
    }

    /** One line for each server that is not as it should be; errors of drivers are too long for a column. */
    private static List<String> troubles(StatsReport report) {
        List<String> lines = new ArrayList<>();
        for (Shard shard : report.shards()) {
            trouble(shard.name() + " primary", shard.primary(), "does not take writes", lines);
            shard.replicas().forEach(replica -> trouble(shard.name() + " replica", replica, "is not a standby", lines));
        }
        if (!lines.isEmpty()) {
            lines.add("");
        }
        return lines;
    }

    private static void trouble(String who, Server server, String unexpected, List<String> lines) {
        String error = server.error();
        if (server.state().equals("unexpected")) {
            lines.add(who + " " + server.address() + " " + unexpected);
        } else if (error != null) {
            lines.add(who + " " + server.address() + " is " + server.state() + ": "
                    + error.replaceAll("\\s+", " ").strip());
        }
    }

    private static String lag(Server replica) {
        Long bytes = replica.lagBytes();
        Long millis = replica.replayLagMillis();
        if (bytes == null || bytes == 0 || millis == null || millis == 0) {
            return bytes(bytes);
        }
        return bytes(bytes) + String.format(Locale.ROOT, ", %.1f s", millis / 1000.0);
    }

    private static String text(@Nullable String text) {
        return text == null ? UNKNOWN : text;
    }

    static String number(@Nullable Long number) {
        return number == null ? UNKNOWN : String.format(Locale.ROOT, "%,d", number);
    }

    private static String share(@Nullable Double share) {
        return share == null ? UNKNOWN : String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    static String bytes(@Nullable Long bytes) {
        if (bytes == null) {
            return UNKNOWN;
        }
        double amount = bytes;
        int unit = 0;
        String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
        while (amount >= 1024 && unit < units.length - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", amount, units[unit]);
    }

    static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
}
