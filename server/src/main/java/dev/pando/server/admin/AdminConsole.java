package dev.pando.server.admin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The admin database {@code pando}: commands in, rows out, as users of PgBouncer's console know them. Beside its own commands it answers what
 * drivers and clients send without being asked, see {@link DriverTalk}. Holds no state; may be used by several threads. SHOW SHARDS and SHOW
 * TABLES ask every server and may block, and so do PAUSE and WAIT_CLOSE, which end with {@code ADMIN_INTERRUPTED} when the thread is.
 */
public final class AdminConsole {
    private final Map<String, Command> commands = new TreeMap<>();
    private final DriverTalk drivers;
    private final AdminActions actions;

    /**
     * What is asked for by its words.
     *
     * @param rest what follows them, as SHOW HELP has it: empty when nothing does
     * @param open whether anything may follow them
     * @param columns of the answer
     */
    private record Command(
            String rest, String what, boolean open, Answer answer, Function<AdminStatement, AdminResult> columns) {}

    private interface Answer {
        AdminResult of(AdminStatement statement, String user);
    }

    public AdminConsole(AdminView view, AdminControl control, String version) {
        AdminTables tables = new AdminTables(view);
        PoolerTables pooler = new PoolerTables(view, control, InstantSource.system());
        TrafficTables traffic = new TrafficTables(view);
        actions = new AdminActions(view, control);
        StatementTables statements = new StatementTables(view);
        PlanTable plans = new PlanTable(view);
        drivers = new DriverTalk(version);
        command("SHARDS", "servers of each shard: state, WAL, lag, size, pool use", tables::shards);
        command("TABLES", "declared tables: rows (estimated), bytes, shares of each shard", () -> tables.tables(false));
        command("TABLES EXACT", "the same with rows counted, which reads every table", () -> tables.tables(true));
        command("POOLS", "server connections of each database, shard and user", pooler::pools);
        command("CLIENTS", "connected clients", pooler::clients);
        command("SERVERS", "server connections one by one", pooler::servers);
        command("DATABASES", "databases, one line for each shard", pooler::databases);
        command("USERS", "who may log in", pooler::users);
        command("LISTS", "how many of everything there are", pooler::lists);
        command("HBA", "rules for logins, in the order they are looked at", new RuleTable(view)::rules);
        command("STATE", "whether it is paused", pooler::state);
        command("MEM", "memory of the process", pooler::memory);
        command(
                "STATS",
                "traffic of each shard: totals since the start, averages of the last stats_period",
                traffic::both);
        command("STATS_TOTALS", "the totals alone", traffic::totals);
        command("STATS_AVERAGES", "the averages alone", traffic::averages);
        command("TOTALS", "the same of all shards together", traffic::sum);
        open(
                StatementTables.COMMAND,
                "",
                "what runs, by shape: calls, errors, rows, times, shards, bytes; [ORDER BY column [ASC]] [LIMIT n]",
                (statement, user) -> statements.statements(statement),
                statements::statements);
        command(
                "REPEATS",
                "one question asked many times (N+1): how often, what it cost, what to do",
                statements::repeats);
        command("CONFIG", "every setting with its value; secrets are hidden", pooler::config);
        command("VERSION", "the version of Pando", () -> AdminResult.one("version", "Pando " + version));
        command("HELP", "this list", this::help);
        open(
                PlanTable.COMMAND,
                " id",
                "how the servers run it, by their own EXPLAIN; the id is that of SHOW STATEMENTS",
                plans::of,
                statement -> PlanTable.columns());
    }

    /** One of SHOW that stands alone. */
    private void command(String name, String what, Supplier<AdminResult> answer) {
        commands.put(
                "SHOW " + name,
                new Command("", what, false, (statement, user) -> answer.get(), statement -> answer.get()));
    }

    /** One that something may follow. */
    private void open(
            String words, String rest, String what, Answer answer, Function<AdminStatement, AdminResult> columns) {
        commands.put(words, new Command(rest, what, true, answer, columns));
    }

    /**
     * Answers one statement, several are refused. A result with an empty tag stands for EmptyQueryResponse. Throws {@code ADMIN_COMMAND}, which
     * names the likely command or lists all, for anything unknown.
     */
    public AdminResult execute(String sql, String user) {
        AdminStatement statement = AdminStatement.of(sql);
        Command command = asked(statement);
        if (command != null) {
            return command.answer().of(statement, user);
        }
        return actions.word(statement) == null ? talk(statement) : actions.run(statement, user);
    }

    /** The answer of {@link #execute} as far as its columns go: nothing is changed. */
    public AdminResult describe(String sql) {
        AdminStatement statement = AdminStatement.of(sql);
        Command command = asked(statement);
        if (command != null) {
            return command.columns().apply(statement);
        }
        String action = actions.word(statement);
        return action == null ? talk(statement) : AdminResult.tag(action);
    }

    /** That of these very words, else the one that they begin with; null when there is none. */
    private @Nullable Command asked(AdminStatement statement) {
        Command whole = commands.get(statement.words());
        if (whole != null) {
            return whole;
        }
        return commands.entrySet().stream()
                .filter(each -> each.getValue().open())
                .filter(each -> statement.words().startsWith(each.getKey() + " "))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private AdminResult talk(AdminStatement statement) {
        AdminResult answer = drivers.answer(statement.words());
        if (answer != null) {
            return answer;
        }
        throw new PandoException(
                PandoError.ADMIN_COMMAND, statement.echo(), Suggestion.of(statement.words(), commands.keySet()));
    }

    private AdminResult help() {
        List<List<String>> rows = new ArrayList<>();
        commands.forEach((words, command) -> rows.add(List.of(words + command.rest(), command.what())));
        actions.help().forEach((name, what) -> rows.add(List.of(name, what)));
        return AdminResult.of(List.of("command", "does"), rows);
    }
}
