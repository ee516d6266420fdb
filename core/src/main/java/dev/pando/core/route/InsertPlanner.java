package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import dev.pando.core.route.Block.Role;
import dev.pando.core.route.Block.Spread;
import dev.pando.core.topology.Column;
import dev.pando.core.topology.Placement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** INSERT, by itself or inside WITH. */
final class InsertPlanner {
    private final Planning planning;

    InsertPlanner(Planning planning) {
        this.planning = planning;
    }

    Placed place(Ast insert) {
        Analysis analysis = new Analysis(planning);
        Block top = analysis.statement(insert);
        Locator locator = new Locator(planning, top);
        Relation target = top.scope.relations().getFirst();
        Target.@Nullable ByKey inner = innerInserts(top, locator);
        Hidden.check(insert, planning);
        Placement placement = Objects.requireNonNull(target.placement());
        locator.addTarget(target.name(), placement);
        return switch (placement) {
            case Placement.Sharded sharded -> {
                locator.requireNoSingles(target.name());
                locator.requireUnmixed();
                SelectPlanner.requireNoHomeFunction(insert);
                if (!analysis.innerWrites().isEmpty()) {
                    Target.ByKey own = own(top, sharded, locator);
                    yield Placed.oneOf(own == null ? new Target.All() : union(own, inner), "WITH that writes");
                }
                yield sharded(insert, top, sharded, locator);
            }
            case Placement.Reference reference -> reference(insert, target, locator, analysis);
            case Placement.Single single -> {
                if (!locator.sharded.isEmpty() || inner != null) {
                    throw Refused.shape("INSERT into an unsharded table from sharded ones");
                }
                if (!analysis.innerWrites().isEmpty() && !locator.reference.isEmpty()) {
                    throw Refused.shape("WITH that writes next to a reference table");
                }
                yield new Placed(locator.unsharded(), new Across.Everywhere());
            }
        };
    }

    private Placed sharded(Ast insert, Block top, Placement.Sharded placement, Locator locator) {
        refuseConflictUpdate(insert, top.scope.relations().getFirst(), placement);
        Ast source = source(insert, top);
        List<Ast> rows = source.list("valuesLists");
        if (rows.isEmpty()) {
            return new InsertSelect(planning, this).place(insert, top, placement, locator);
        }
        List<Target.KeySet> sets = rowSets(insert, top, rows);
        Target.ByKey keys = new Target.ByKey(List.copyOf(new LinkedHashSet<>(sets)));
        boolean plain = locator.sharded.isEmpty();
        if (!plain) {
            Target.ByKey pins = locator.pins(locator.sharded);
            return Placed.oneOf(
                    pins == null ? new Target.All() : union(keys, pins), "INSERT with a subquery over sharded tables");
        }
        if (rows.size() == 1) {
            return Placed.oneOf(keys, "INSERT");
        }
        String clause = afterValues(source);
        if (clause != null) {
            return Placed.oneOf(keys, "INSERT of several rows with " + clause);
        }
        planning.offsetsMatter();
        boolean returning = insert.has("returningClause");
        List<Across.RowPart> parts = parts(sets);
        return parts.isEmpty()
                ? Placed.oneOf(keys, "INSERT of several rows with VALUES in parentheses")
                : new Placed(keys, new Across.SplitRows(placement, parts, returning));
    }

    /** What looks at all rows of VALUES together, null when nothing does. */
    private static @Nullable String afterValues(Ast source) {
        if (source.has("limitCount") || source.has("limitOffset")) {
            return "LIMIT or OFFSET";
        }
        return source.has("sortClause") ? "ORDER BY" : source.has("withClause") ? "WITH after INTO" : null;
    }

    private static Ast source(Ast insert, Block top) {
        Ast source = insert.child("selectStmt");
        if (source == null) {
            Relation target = top.scope.relations().getFirst();
            throw keyMissing("INSERT", target);
        }
        return source;
    }

    private static Refused keyMissing(String verb, Relation target) {
        Placement.Sharded placement = Objects.requireNonNull(target.sharded());
        return new Refused(PandoError.KEY_MISSING, verb, target.name(), String.join(", ", placement.keyColumns()));
    }

    private static void refuseConflictUpdate(Ast insert, Relation target, Placement.Sharded placement) {
        Ast conflict = insert.child("onConflictClause");
        if (conflict != null) {
            ModifyPlanner.refuseKeyUpdate(conflict.list("targetList"), target, placement);
        }
    }

    private List<Target.KeySet> rowSets(Ast insert, Block top, List<Ast> rows) {
        Relation target = top.scope.relations().getFirst();
        List<Ast> columns = insert.list("cols");
        List<Target.KeySet> sets = new ArrayList<>();
        for (Ast row : rows) {
            sets.add(row(target, columns, row.list("items"), top, "INSERT"));
        }
        return sets;
    }

    /** The key of one row of values. */
    Target.KeySet row(Relation target, List<Ast> columns, List<Ast> values, Block block, String verb) {
        Placement.Sharded placement = Objects.requireNonNull(target.sharded());
        List<List<ValueSource>> key = new ArrayList<>();
        for (int i = 0; i < placement.keyColumns().size(); i++) {
            int at = position(target, columns, placement.keyColumns().get(i));
            if (at < 0 || at >= values.size()) {
                throw keyMissing(verb, target);
            }
            key.add(List.of(value(target, values.get(at), i, verb)));
        }
        return new Target.KeySet(target.name(), placement, key, true);
    }

    private ValueSource value(Relation target, Ast value, int column, String verb) {
        Placement.Sharded placement = Objects.requireNonNull(target.sharded());
        Constant constant = Constant.of(value, planning.source);
        if (constant == null || constant.source() instanceof ValueSource.Null) {
            throw keyMissing(verb, target);
        }
        if (!constant.comparesAs(placement.keyTypes().get(column))) {
            throw new Refused(
                    PandoError.KEY_INVALID,
                    placement.keyColumns().get(column),
                    "it is not written as a " + placement.keyTypes().get(column).sqlName());
        }
        return constant.source();
    }

    /** Where a column stands in an INSERT's list, or in the table when there is no list; -1 if it does not. */
    static int position(Relation target, List<Ast> columns, String column) {
        if (!columns.isEmpty()) {
            return columns.stream().map(each -> each.text("name")).toList().indexOf(column);
        }
        return target.table() == null || !target.known()
                ? -1
                : target.table().columns().stream().map(Column::name).toList().indexOf(column);
    }

    /** Where the rows of VALUES are in the text; none when VALUES stands in parentheses. */
    private List<Across.RowPart> parts(List<Target.KeySet> sets) {
        Source source = planning.source;
        SqlLexer lexer = source.lexerAt(source.begin());
        int open = firstRow(lexer);
        if (open < 0) {
            return List.of();
        }
        List<Across.RowPart> parts = new ArrayList<>();
        for (Target.KeySet set : sets) {
            if (open < 0) {
                throw new Refused(PandoError.BUG, "fewer rows in the text than in the tree of an INSERT");
            }
            int end = source.closing(open);
            parts.add(new Across.RowPart(
                    open, end, set.columns().stream().map(List::getFirst).toList()));
            SqlLexer after = source.lexerAt(end);
            boolean more =
                    after.next() == Token.PUNCTUATION && after.first() == ',' && after.next() == Token.PUNCTUATION;
            open = more ? end + after.start() : -1;
        }
        if (open >= 0) {
            throw new Refused(PandoError.BUG, "more rows in the text than in the tree of an INSERT");
        }
        return parts;
    }

    /** The parenthesis after VALUES; a table may be called so too. */
    private int firstRow(SqlLexer lexer) {
        int depth = 0;
        boolean afterInto = false;
        for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
            if (token == Token.PUNCTUATION) {
                depth += lexer.first() == '(' ? 1 : lexer.first() == ')' ? -1 : 0;
                afterInto = lexer.first() == '.';
            } else if (token == Token.IDENTIFIER && depth == 0 && !afterInto && lexer.reads("values")) {
                lexer.next();
                return planning.source.begin() + lexer.start();
            } else {
                afterInto = token == Token.IDENTIFIER && (lexer.reads("into") || lexer.reads("as"));
            }
        }
        return -1;
    }

    private Placed reference(Ast insert, Relation target, Locator locator, Analysis analysis) {
        if (!locator.sharded.isEmpty()
                || !locator.singles.isEmpty()
                || !analysis.innerWrites().isEmpty()) {
            throw Refused.shape("a write to reference table \"" + target.name()
                    + "\" from tables that are not the same everywhere");
        }
        References.check(planning, insert, target);
        planning.explain("written on every shard, in one atomic outcome");
        return Placed.EVERYWHERE;
    }

    /** The keys of an INSERT's own rows, null when they cannot be told from constants. */
    private Target.@Nullable ByKey own(Block block, Placement.Sharded placement, Locator locator) {
        Ast source = source(block.node, block);
        List<Ast> rows = source.list("valuesLists");
        if (rows.isEmpty()) {
            Placed placed = new InsertSelect(planning, this).place(block.node, block, placement, locator);
            return placed.target() instanceof Target.ByKey keys ? keys : null;
        }
        return new Target.ByKey(rowSets(block.node, block, rows));
    }

    /** Takes the tables into account that INSERTs in WITH write; answers their keys, null without such an INSERT into a sharded table. */
    Target.@Nullable ByKey innerInserts(Block top, Locator locator) {
        Target.ByKey found = null;
        for (Block block : below(top)) {
            if (block.role == Role.TOP) {
                continue;
            }
            checkKeyUpdate(block);
            Relation target =
                    block.node.is("InsertStmt") ? block.scope.relations().getFirst() : null;
            Placement placement = target == null ? null : target.placement();
            if (placement == null || target == null) {
                continue;
            }
            locator.addTarget(target.name(), placement);
            if (placement instanceof Placement.Sharded sharded) {
                Target.ByKey keys = own(block, sharded, locator);
                if (keys == null) {
                    throw Refused.shape("INSERT … SELECT in WITH");
                }
                locator.requireNoSingles(target.name());
                found = found == null ? keys : union(found, keys);
            }
        }
        return found;
    }

    private static void checkKeyUpdate(Block block) {
        boolean update = block.node.is("UpdateStmt") && !block.leaves.isEmpty();
        Relation target = update ? block.leaves.getFirst().relation() : null;
        Placement.Sharded sharded = target == null ? null : target.sharded();
        if (sharded != null && target != null) {
            ModifyPlanner.refuseKeyUpdate(block.node.list("targetList"), target, sharded);
        }
    }

    private static List<Block> below(Block top) {
        List<Block> all = new ArrayList<>();
        below(top, all);
        return all;
    }

    private static void below(Block block, List<Block> all) {
        all.add(block);
        block.inner.forEach(inner -> below(inner, all));
    }

    static Target.ByKey union(Target.ByKey one, Target.@Nullable ByKey other) {
        Set<Target.KeySet> sets = new LinkedHashSet<>(one.sets());
        if (other != null) {
            sets.addAll(other.sets());
        }
        return new Target.ByKey(List.copyOf(sets));
    }

    /** Whether a level's rows are those of all shards together. */
    static boolean spread(Block block) {
        return block.spread instanceof Spread.ByKey;
    }
}
