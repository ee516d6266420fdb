package dev.pando.core.route;

import dev.pando.core.route.Facts.ColumnId;
import dev.pando.core.route.Joins.Tree;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From a statement's FROM clause and target table to a tree of joins and a scope of names. */
final class Trees {
    /** Of the comma between items of FROM: there is no condition to read in it. */
    private static final Scope NO_NAMES = Scope.of(null, List.of());

    private final Planning planning;
    private final Analysis.Around around;
    private final List<Ast> conditions = new ArrayList<>();
    private final List<Relation> relations = new ArrayList<>();
    private final Map<String, Scope.@Nullable Found> merged = new HashMap<>();

    Trees(Planning planning, Analysis.Around around) {
        this.planning = planning;
        this.around = around;
    }

    /** What names mean in the level; complete after {@link #of}. */
    Scope scope() {
        return new Scope(around.scope(), relations, merged);
    }

    /** Expressions in FROM that may hold subqueries: join conditions, arguments of functions. */
    List<Ast> conditions() {
        return conditions;
    }

    @Nullable
    Tree of(Ast statement) {
        if (statement.is("MergeStmt")) {
            return merge(statement);
        }
        Tree whole = null;
        Ast target = statement.child("relation");
        if (target != null) {
            Part part = stored(target);
            visible(part);
            if (statement.is("InsertStmt")) {
                return null;
            }
            whole = part.tree;
        }
        List<Ast> items = new ArrayList<>(statement.list("fromClause"));
        items.addAll(statement.list("usingClause"));
        for (Ast item : items) {
            Part next = part(item);
            visible(next);
            whole = whole == null
                    ? next.tree
                    : new Tree.Pair(Joins.Type.INNER, whole, next.tree, null, NO_NAMES, List.of());
        }
        return whole;
    }

    private void visible(Part part) {
        relations.addAll(part.relations);
        merged.putAll(part.merged);
    }

    /** A part of FROM and the names it offers. */
    private record Part(Tree tree, List<Relation> relations, Map<String, Scope.@Nullable Found> merged) {}

    private Tree merge(Ast statement) {
        Ast target = java.util.Objects.requireNonNull(statement.child("relation"));
        Ast source = java.util.Objects.requireNonNull(statement.child("sourceRelation"));
        boolean bySource = statement.list("mergeWhenClauses").stream()
                .anyMatch(when -> when.text("matchKind").equals("MERGE_WHEN_NOT_MATCHED_BY_SOURCE"));
        Part whole = join(
                bySource ? Joins.Type.FULL : Joins.Type.LEFT,
                part(source),
                stored(target),
                statement.child("joinCondition"),
                List.of());
        visible(whole);
        return whole.tree;
    }

    private Part part(Ast item) {
        return switch (item.kind()) {
            case "RangeVar" -> table(item);
            case "JoinExpr" -> joined(item);
            case "RangeTableSample" -> {
                Ast table = item.child("relation");
                Part plain = table == null ? opaque(item) : table(table);
                yield new Part(new Tree.One(plain.relations.getFirst(), item), plain.relations, plain.merged);
            }
            default -> {
                if (!item.is("RangeSubselect")) {
                    conditions.add(item);
                }
                yield opaque(item);
            }
        };
    }

    private Part opaque(Ast item) {
        Ast alias = item.child("alias");
        String name = alias == null ? "" : alias.text("aliasname");
        Relation relation = new Relation(planning.nextRelation(), name, name, null, null, List.of());
        return new Part(new Tree.One(relation, item), List.of(relation), Map.of());
    }

    /** What a RangeVar in FROM names: a CTE goes before a table. */
    private Part table(Ast range) {
        String name = range.text("relname");
        boolean cte = range.text("schemaname").isEmpty() && around.ctes().contains(name);
        return cte ? relation(range, null, null) : stored(range);
    }

    /** The table a RangeVar names; the target of a write is one even if a CTE has its name. */
    private Part stored(Ast range) {
        Table table = planning.table(range);
        Placement placement = table == null ? new Placement.Single(ShardId.HOME) : planning.placement(table);
        return relation(range, table, placement);
    }

    private Part relation(Ast range, @Nullable Table table, @Nullable Placement placement) {
        String name = range.text("relname");
        Ast alias = range.child("alias");
        String shown = alias == null ? name : alias.text("aliasname");
        List<String> renamed = alias == null ? List.of() : alias.strings("colnames");
        Relation relation = new Relation(planning.nextRelation(), name, shown, table, placement, renamed);
        return new Part(new Tree.One(relation, null), List.of(relation), Map.of());
    }

    private Part joined(Ast node) {
        Joins.Type type = switch (node.text("jointype")) {
            case "JOIN_LEFT" -> Joins.Type.LEFT;
            case "JOIN_RIGHT" -> Joins.Type.RIGHT;
            case "JOIN_FULL" -> Joins.Type.FULL;
            default -> Joins.Type.INNER;
        };
        Part left = part(java.util.Objects.requireNonNull(node.child("larg")));
        Part right = part(java.util.Objects.requireNonNull(node.child("rarg")));
        List<String> using = node.flag("isNatural") ? common(left, right) : node.strings("usingClause");
        Ast on = node.child("quals");
        if (on != null) {
            conditions.add(on);
        }
        Part joined = join(type, left, right, on, using);
        Ast alias = node.child("alias");
        if (alias == null) {
            return joined;
        }
        String name = alias.text("aliasname");
        Relation hidden = new Relation(planning.nextRelation(), name, name, null, null, List.of());
        return new Part(joined.tree, List.of(hidden), Map.of());
    }

    /** The columns of a NATURAL JOIN; columns of what is not known are not among them, so those names then mean nothing. */
    private static List<String> common(Part left, Part right) {
        List<String> names = new ArrayList<>();
        for (Relation one : left.relations) {
            for (String name : one.visibleColumns()) {
                boolean both = right.relations.stream()
                        .anyMatch(other -> other.visibleColumns().contains(name));
                if (both && !names.contains(name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private Part join(Joins.Type type, Part left, Part right, @Nullable Ast on, List<String> using) {
        List<Relation> both = new ArrayList<>(left.relations);
        both.addAll(right.relations);
        Map<String, Scope.@Nullable Found> names = new HashMap<>(left.merged);
        names.putAll(right.merged);
        List<List<ColumnId>> pairs = new ArrayList<>();
        for (String name : using) {
            Scope.Found one = find(left, name);
            Scope.Found other = find(right, name);
            boolean comparable = one != null
                    && other != null
                    && Conditions.family(one.column()) > 0
                    && Conditions.family(one.column()) == Conditions.family(other.column());
            if (comparable && one != null && other != null) {
                pairs.add(List.of(one.id(), other.id()));
            }
            names.put(
                    name,
                    switch (type) {
                        case INNER, LEFT -> one;
                        case RIGHT -> other;
                        case FULL -> null;
                    });
        }
        Scope scope = new Scope(around.scope(), both, names);
        return new Part(new Tree.Pair(type, left.tree, right.tree, on, scope, pairs), both, names);
    }

    private static Scope.@Nullable Found find(Part part, String name) {
        return new Scope(null, part.relations, part.merged).resolve(name);
    }
}
