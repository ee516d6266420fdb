package dev.pando.server.admin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The admin database {@code pando}: commands in, rows out, as users of PgBouncer's console know them. Beside its own commands it answers what
 * drivers and clients send without being asked, see {@link DriverTalk}. Holds no state; may be used by several threads. SHOW SHARDS and SHOW
 * TABLES ask every server and may block.
 */
public final class AdminConsole {
    private final Map<String, Command> commands = new TreeMap<>();
    private final DriverTalk drivers;

    private record Command(String what, Supplier<AdminResult> answer) {}

    public AdminConsole(AdminView view, String version) {
        AdminTables tables = new AdminTables(view);
        drivers = new DriverTalk(version);
        command("SHARDS", "servers of each shard: state, WAL, lag, size, pool use", tables::shards);
        command("TABLES", "declared tables: rows (estimated), bytes, shares of each shard", () -> tables.tables(false));
        command("TABLES EXACT", "the same with rows counted, which reads every table", () -> tables.tables(true));
        command("POOLS", "server connections of each shard", tables::pools);
        command("CLIENTS", "connected clients", tables::clients);
        command("SERVERS", "server connections one by one", tables::servers);
        command("STATS", "totals of each shard since the start", tables::stats);
        command("CONFIG", "every setting with its value; secrets are hidden", tables::config);
        command("VERSION", "the version of Pando", () -> AdminResult.one("version", "Pando " + version));
        command("HELP", "this list", this::help);
    }

    private void command(String name, String what, Supplier<AdminResult> answer) {
        commands.put("SHOW " + name, new Command(what, answer));
    }

    /**
     * Answers one statement, several are refused. A result with an empty tag stands for EmptyQueryResponse. Throws {@code ADMIN_COMMAND}, which
     * names the likely command or lists all, for anything unknown.
     */
    public AdminResult execute(String sql) {
        AdminStatement statement = AdminStatement.of(sql);
        Command command = commands.get(statement.words());
        if (command != null) {
            return command.answer().get();
        }
        AdminResult answer = drivers.answer(statement.words());
        if (answer != null) {
            return answer;
        }
        throw new PandoException(
                PandoError.ADMIN_COMMAND, statement.echo(), Suggestion.of(statement.words(), commands.keySet()));
    }

    private AdminResult help() {
        return AdminResult.of(
                List.of("command", "shows"),
                commands.entrySet().stream()
                        .map(entry -> List.of(entry.getKey(), entry.getValue().what()))
                        .toList());
    }
}
