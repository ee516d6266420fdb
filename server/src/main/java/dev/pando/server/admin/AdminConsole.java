package dev.pando.server.admin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The admin database {@code pando}: commands in, rows out, as users of PgBouncer's console know them. Holds no state; may be used by
 * several threads. SHOW SHARDS and SHOW TABLES ask every server and may block.
 */
public final class AdminConsole {
    private static final int LONGEST_ECHO = 60;

    private final Map<String, Command> commands = new TreeMap<>();

    private record Command(String what, Supplier<AdminResult> answer) {}

    public AdminConsole(AdminView view, String version) {
        AdminTables tables = new AdminTables(view);
        commands.put("SHARDS", new Command("servers of each shard: state, WAL, lag, size, pool use", tables::shards));
        commands.put("TABLES", new Command("declared tables: rows, bytes and shares of each shard", tables::tables));
        commands.put("POOLS", new Command("server connections of each shard", tables::pools));
        commands.put("CLIENTS", new Command("connected clients", tables::clients));
        commands.put("SERVERS", new Command("server connections one by one", tables::servers));
        commands.put("STATS", new Command("totals of each shard since the start", tables::stats));
        commands.put("CONFIG", new Command("every setting with its value; secrets are hidden", tables::config));
        commands.put(
                "VERSION",
                new Command(
                        "the version of Pando",
                        () -> AdminResult.of(List.of("version"), List.of(List.of("Pando " + version)))));
        commands.put("HELP", new Command("this list", this::help));
    }

    /** Throws {@code ADMIN_COMMAND}, which lists the commands, for anything else than one of them. */
    public AdminResult execute(String sql) {
        String[] words = sql.strip()
                .replaceFirst("\\s*;\\s*$", "")
                .toUpperCase(Locale.ROOT)
                .split("\\s+", -1);
        Command command = words.length == 2 && words[0].equals("SHOW") ? commands.get(words[1]) : null;
        if (command == null) {
            String echo = sql.strip();
            throw new PandoException(
                    PandoError.ADMIN_COMMAND,
                    echo.length() <= LONGEST_ECHO ? echo : echo.substring(0, LONGEST_ECHO) + "…",
                    commands.keySet().stream().map(name -> "SHOW " + name).collect(Collectors.joining(", ")));
        }
        return command.answer().get();
    }

    private AdminResult help() {
        return AdminResult.of(
                List.of("command", "shows"),
                commands.entrySet().stream()
                        .map(entry -> List.of(
                                "SHOW " + entry.getKey(), entry.getValue().what()))
                        .toList());
    }
}
