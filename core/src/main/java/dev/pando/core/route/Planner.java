package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.base.sql.ShapedSql;
import dev.pando.core.topology.Catalog;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Trace;
import dev.pando.grammar.Node;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * From a parsed statement to a plan: pure, and never failing. What it cannot prove to be exact across shards becomes a plan that refuses when
 * more than one shard is concerned; on one shard everything passes through.
 */
public final class Planner {
    private Planner() {}

    /** Places a statement that stands inside another one. */
    interface Placer {
        Placed place(Ast statement);
    }

    /** The plan of a text that holds no statement. */
    public static Plan empty() {
        return new Plan(
                new Command.Empty(),
                new Target.Nowhere(),
                new Across.Everywhere(),
                null,
                Traces.NONE,
                false,
                List.of());
    }

    /** The plan of a FunctionCall message, which may run any function. */
    public static Plan functionCall() {
        return anything("FunctionCall");
    }

    /** The plan of a text that the grammar does not know, before the only shard there is. */
    static Plan unread() {
        return anything("a statement that Pando cannot read");
    }

    private static Plan anything(String by) {
        Traces anything =
                new Traces(EnumSet.complementOf(EnumSet.of(Trace.UNSEEN)), Set.of(), by, false, Traces.Code.READ);
        return new Plan(
                new Command.Write(),
                new Target.One(ShardId.HOME),
                new Across.Everywhere(),
                null,
                anything,
                false,
                List.of());
    }

    /**
     * Plans the one statement of {@code sql}.
     *
     * @param shaped of the same bytes
     */
    public static Plan plan(Node statement, byte[] sql, ShapedSql shaped, Catalog catalog, List<String> searchPath) {
        Ast root = Ast.of(statement);
        int begin = root.is("DeclareCursorStmt") ? CursorCommands.queryAt(sql) : 0;
        Planning planning = new Planning(new Source(sql, shaped, begin), catalog, searchPath);
        planning.statement(root);
        Plan plan = plan(root, planning);
        PlanChecks.check(plan);
        return plan;
    }

    private static Plan plan(Ast statement, Planning planning) {
        if (statement.is("ExplainStmt") && pando(statement)) {
            return explain(statement, planning);
        }
        String pin = Commands.pin(statement, planning.searchPath);
        Command command = new Command.Write();
        Placed placed;
        try {
            command = Commands.of(statement, planning);
            if (command instanceof Command.Prepare || command instanceof Command.ExecutePrepared) {
                // What they prepare or run is planned by itself.
                return new Plan(
                        command,
                        new Target.Nowhere(),
                        new Across.Everywhere(),
                        null,
                        Traces.NONE,
                        planning.textBound(),
                        planning.why);
            }
            refuseHiddenSetting(statement, command);
            SystemCatalogs.check(statement, planning);
            refuseChannels(statement, command);
            placed = command instanceof Command.PandoCall || command instanceof Command.ListeningChannels
                    ? Placed.NOWHERE
                    : Hidden.atHome(place(statement, planning), planning);
        } catch (Refused refused) {
            boolean anywhere = refused.refuse().error() == PandoError.SETTING_REFUSED;
            placed = anywhere || (command instanceof Command.Write && pandoFunction(statement))
                    ? new Placed(new Target.Nowhere(), refused.refuse())
                    : Placed.refused(refused);
        }
        if (planning.catalog.shardCount() == 1) {
            placed = onlyShard(placed);
        }
        Traces traces = placed.across() instanceof Across.Refuse && placed.target() instanceof Target.Nowhere
                ? Traces.NONE
                : Traces.of(statement, command, planning);
        if (pin == null && traces.by() != null) {
            pin = traces.made().contains(Trace.UNSEEN) ? traces.by() : null;
            planning.explain("looked at afterwards for what it leaves behind: " + traces.by());
        }
        String asks =
                Traces.keepsCode(statement) || command instanceof Command.Ddl ? null : Functions.lastValue(statement);
        return new Plan(
                command, placed.target(), placed.across(), pin, traces, asks, planning.textBound(), planning.why);
    }

    /** Sessions share server connections: a setting that Pando does not follow would reach others. */
    private static void refuseHiddenSetting(Ast statement, Command command) {
        boolean followed =
                command instanceof Command.SetConfig || (command instanceof Command.Ddl && !evaluates(statement));
        if (!followed && Functions.setConfig(statement) != null) {
            throw new Refused(
                    PandoError.SETTING_REFUSED,
                    "a parameter",
                    "this value with set_config()",
                    "it is followed only once in a SELECT without FROM, with constants or parameters");
        }
    }

    /** The connection that runs a statement listens to nothing: one listens for all. */
    private static void refuseChannels(Ast statement, Command command) {
        boolean keeps = command instanceof Command.ListeningChannels
                || (command instanceof Command.Ddl && !evaluates(statement));
        if (!keeps && Functions.channels(statement) != null) {
            throw new Refused(PandoError.LISTENING_SHAPE);
        }
    }

    /** Commands of the schema that compute expressions at once, instead of keeping them for later. */
    private static boolean evaluates(Ast ddl) {
        return ddl.is("CreateTableAsStmt") || ddl.is("SelectStmt") || ddl.is("AlterTableStmt");
    }

    private static boolean pandoFunction(Ast statement) {
        boolean[] found = new boolean[1];
        statement.walk(node -> found[0] |=
                node.is("FuncCall") && node.strings("funcname").getFirst().equals("pando"));
        return found[0];
    }

    private static Placed onlyShard(Placed placed) {
        return switch (placed.target()) {
            case Target.Nowhere nowhere -> placed;
            case Target.Current current -> placed;
            case Target.One one -> Placed.HOME;
            case Target.Any any -> Placed.HOME;
            case Target.All all -> Placed.HOME;
            case Target.ByKey keys -> Placed.HOME;
        };
    }

    private static Placed place(Ast statement, Planning planning) {
        Placer placer = inner -> place(inner, planning);
        if (SessionPlanner.knows(statement.kind())) {
            return new SessionPlanner(planning, placer).place(statement);
        }
        if (planning.catalog.shardCount() == 1) {
            return oneShard(statement, planning);
        }
        return switch (statement.kind()) {
            case "SelectStmt" -> select(statement, planning);
            case "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt" -> writing(planning, statement);
            case "CopyStmt" -> new CopyPlanner(planning).place(statement);
            default -> new DdlPlanner(planning).place(statement);
        };
    }

    private static Placed oneShard(Ast statement, Planning planning) {
        return statement.is("SelectStmt") ? setConfig(statement, planning, Placed.HOME) : Placed.HOME;
    }

    private static Placed select(Ast select, Planning planning) {
        if (select.has("intoClause")) {
            if (Temporary.is(select, planning.searchPath)) {
                return new DdlPlanner(planning).temporary(select);
            }
            new DdlPlanner(planning).refuseSpread(select, "SELECT INTO");
            return Placed.EVERYWHERE;
        }
        return setConfig(select, planning, new SelectPlanner(planning).place(select));
    }

    /** {@code SELECT set_config(…)} obeys the rules of SET. */
    private static Placed setConfig(Ast select, Planning planning, Placed placed) {
        if (Functions.setConfig(select) == null) {
            return placed;
        }
        planning.literalMatters();
        Refused[] why = new Refused[1];
        select.walk(node -> {
            List<Ast> arguments = node.is("FuncCall") ? node.list("args") : List.of();
            if (arguments.size() == 3 && Functions.name(node).equals("set_config")) {
                try {
                    SettingRules.check(Commands.string(arguments.getFirst()), Commands.string(arguments.get(1)));
                } catch (Refused refused) {
                    why[0] = refused;
                }
            }
        });
        return why[0] == null ? placed : new Placed(new Target.Nowhere(), why[0].refuse());
    }

    static Placed writing(Planning planning, Ast statement) {
        return statement.is("InsertStmt")
                ? new InsertPlanner(planning).place(statement)
                : new ModifyPlanner(planning).place(statement);
    }

    private static boolean pando(Ast explain) {
        return explain.list("options").stream()
                .anyMatch(option -> option.text("defname").equals("pando"));
    }

    private static Plan explain(Ast explain, Planning planning) {
        Ast query = explain.child("query");
        Source source = planning.source;
        int begin =
                query != null && query.is("DeclareCursorStmt") ? CursorCommands.queryAt(source.sql()) : begin(source);
        Planning inside =
                new Planning(new Source(source.sql(), source.shaped(), begin), planning.catalog, planning.searchPath);
        explain.list("options").forEach(option -> {
            if (option.has("arg")) {
                planning.literalMatters();
            }
        });
        if (query != null) {
            inside.statement(query);
        }
        Plan inner = query == null ? empty() : plan(query, inside);
        return new Plan(
                new Command.ExplainPando(inner),
                new Target.Nowhere(),
                new Across.Everywhere(),
                null,
                Traces.NONE,
                inner.textBound(),
                List.of());
    }

    /** After EXPLAIN's options. */
    private static int begin(Source source) {
        var lexer = source.lexerAt(0);
        lexer.next();
        lexer.next();
        return source.closing(lexer.start());
    }

    /** Where everything of a one-shard fleet goes. */
    static Target home() {
        return new Target.One(ShardId.HOME);
    }

    static Across.Refuse bug(String what) {
        return new Across.Refuse(PandoError.BUG, List.of(what));
    }
}
