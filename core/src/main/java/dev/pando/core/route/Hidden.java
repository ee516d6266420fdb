package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.HiddenCode.Found;
import dev.pando.core.topology.HiddenCode.Reach;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Table;
import dev.pando.core.topology.TableName;
import dev.pando.core.topology.Trace;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which code of the database's own a statement runs, by name: the calls, operators and types it shows, and what the catalog says of the
 * relations it touches. One shard's part of the rows is all such code could see.
 */
final class Hidden {
    private static final Set<String> WRITES = Set.of("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt");

    /** What a function may leave of which only the name is known, as far as a look can tell. */
    private static final Set<Trace> UNKNOWN = EnumSet.complementOf(EnumSet.of(Trace.UNSEEN));

    private final Planning planning;
    private final HiddenCode code;
    private @Nullable Found worst;

    private Hidden(Planning planning) {
        this.planning = planning;
        this.code = planning.catalog.code();
    }

    /** The farthest reaching code that the statement runs, null when there is none. */
    static @Nullable Found in(Ast statement, Planning planning) {
        Hidden hidden = new Hidden(planning);
        if (statement.is("TruncateStmt")) {
            statement.list("relations").forEach(hidden::truncates);
        } else {
            statement.walk(hidden::take);
        }
        return Found.worse(hidden.worst, hidden.code.everywhere());
    }

    /** The same of code that a text names. */
    static @Nullable Found called(CodeText text, Planning planning) {
        HiddenCode code = planning.catalog.code();
        Found worst = null;
        for (String name : text.calls()) {
            worst = Found.worse(worst, unknown(name, planning, false));
            worst = Found.worse(worst, code.functions().get(name));
        }
        for (String word : text.words()) {
            worst = Found.worse(worst, HiddenCode.ofName(code.writes(), word));
            worst = Found.worse(worst, HiddenCode.ofName(code.reads(), word));
            for (String schema : planning.searchPath) {
                worst = Found.worse(worst, code.writes().get(new TableName(schema, word)));
                worst = Found.worse(worst, code.reads().get(new TableName(schema, word)));
            }
        }
        return worst;
    }

    /** Refuses code that no place is right for, and notes that the statement has to run on home if it is of home. */
    static void check(Ast statement, Planning planning) {
        Found found = planning.catalog.shardCount() > 1 ? in(statement, planning) : null;
        if (found == null) {
            return;
        }
        if (found.reach() == Reach.FAR && spread(planning)) {
            throw refused(found);
        }
        planning.onlyHome(found);
    }

    /** Where the statement goes, if code of home that it runs allows it. */
    static Placed atHome(Placed placed, Planning planning) {
        Found found = planning.onlyHome();
        if (found == null || (placed.target() instanceof Target.All && placed.across() instanceof Across.Refuse)) {
            return placed;
        }
        return switch (placed.target()) {
            case Target.One(ShardId shard) when shard.equals(ShardId.HOME) -> placed;
            case Target.Any any -> {
                planning.explain("home: " + found.what() + " looks at tables there");
                yield new Placed(new Target.One(ShardId.HOME), placed.across());
            }
            case Target.One one -> throw refused(found);
            case Target.All all -> throw refused(found);
            case Target.ByKey keys -> throw refused(found);
            case Target.Current current -> placed;
            case Target.Nowhere nowhere -> placed;
        };
    }

    /** A TRUNCATE, ALTER TABLE or REFRESH, which runs on every shard: code of home is right only if the table is of home too. */
    static void checkEverywhere(Ast statement, Planning planning, boolean distributed) {
        Found found = planning.catalog.shardCount() > 1 ? in(statement, planning) : null;
        if (found != null && spread(planning) && (found.reach() == Reach.FAR || distributed)) {
            throw refused(found);
        }
    }

    static Refused refused(Found found) {
        return new Refused(PandoError.FUNCTION_UNSAFE, found.what());
    }

    /** Whether some table is not as a whole on home, nor on every shard. */
    static boolean spread(Planning planning) {
        return planning.spread()
                || planning.catalog.tables().values().stream()
                        .anyMatch(table -> table.placement() instanceof Placement.Single(ShardId shard)
                                && !shard.equals(ShardId.HOME));
    }

    private void add(@Nullable Found found) {
        worst = Found.worse(worst, found);
    }

    private void take(Ast node) {
        switch (node.kind()) {
            case "FuncCall" -> call(node);
            case "CallStmt" -> {
                Ast call = node.child("funccall");
                if (call != null) {
                    call(call);
                }
            }
            case "A_Expr" -> operator(node.strings("name"));
            case "SubLink" -> operator(node.strings("operName"));
            case "SortBy" -> operator(node.strings("useOp"));
            case "ColumnRef" -> {
                List<String> fields = node.strings("fields");
                attribute(fields.size() > 1 ? fields.getLast() : "");
            }
            case "A_Indirection" -> node.strings("indirection").forEach(this::attribute);
            case "RangeVar" -> reads(node);
            default -> {}
        }
        Ast type = node.is("TypeName") ? node : node.child("typeName");
        if (type != null) {
            type(type.strings("names"));
        }
        Ast target = WRITES.contains(node.kind()) ? node.child("relation") : null;
        if (target != null) {
            reads(target);
            writes(target);
        }
        Ast view = node.is("RefreshMatViewStmt") ? node.child("relation") : null;
        if (view != null) {
            reads(view);
        }
    }

    private void call(Ast call) {
        String name = Functions.name(call);
        if (GivenSql.runs(call)) {
            add(new Found(Reach.FAR, "function " + name + "()", GivenSql.left(call, planning)));
        } else if (!Functions.looked(name).isEmpty()) {
            add(new Found(Reach.NONE, "function " + name + "()", Functions.looked(name)));
        }
        if (own(call.strings("funcname"))
                && !call.strings("funcname").getFirst().equals("pando")) {
            add(unknown(name, planning, true));
        }
        if (own(call.strings("funcname"))) {
            add(code.functions().get(name));
            add(code.types().get(name));
        }
    }

    /**
     * What a function may do of which the catalog does not know: the worst there is, but for tables, as everything that changes the schema
     * of shards is to come through Pando.
     */
    private static @Nullable Found unknown(String name, Planning planning, boolean shown) {
        HiddenCode code = planning.catalog.code();
        if (BuiltIns.has(name) || code.known(name) || code.types().containsKey(name)) {
            return null;
        }
        if (shown) {
            planning.meetsUnread();
        }
        boolean kept = shown && code.known() && planning.catalog.shardCount() > 1;
        return new Found(Reach.NONE, "function " + name + "()", kept ? EnumSet.allOf(Trace.class) : UNKNOWN);
    }

    private static boolean own(List<String> names) {
        return names.size() != 2 || !names.getFirst().equals("pg_catalog");
    }

    private void operator(List<String> names) {
        if (!names.isEmpty() && own(names)) {
            add(code.operators().get(names.getLast()));
        }
    }

    private void type(List<String> names) {
        if (!names.isEmpty() && own(names)) {
            add(code.types().get(names.getLast()));
        }
    }

    private void attribute(String name) {
        if (code.rowFunctions().contains(name)) {
            add(code.functions().get(name));
        }
    }

    private void reads(Ast range) {
        relation(code.reads(), range);
    }

    private void truncates(Ast range) {
        relation(code.truncates(), range);
    }

    private void writes(Ast range) {
        relation(code.writes(), range);
    }

    private void relation(Map<TableName, Found> by, Ast range) {
        Table table = by.isEmpty() ? null : planning.table(range);
        add(table == null ? HiddenCode.ofName(by, range.text("relname")) : by.get(table.name()));
    }
}
