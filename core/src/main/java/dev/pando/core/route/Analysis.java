package dev.pando.core.route;

import dev.pando.core.route.Block.Leaf;
import dev.pando.core.route.Block.Role;
import dev.pando.core.route.Block.Spread;
import dev.pando.core.route.Joins.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the query levels of a statement, the tables each of them reads and what holds for their rows. No decisions here.
 *
 * <p>Facts of a level are handed to the subqueries in its expressions: their value matters only for rows that satisfy the level's own WHERE.
 */
final class Analysis {
    private static final List<String> EXPRESSIONS = List.of(
            "targetList",
            "distinctClause",
            "groupClause",
            "havingClause",
            "windowClause",
            "sortClause",
            "limitCount",
            "limitOffset",
            "valuesLists",
            "returningClause",
            "onConflictClause",
            "mergeWhenClauses");

    private final Planning planning;
    private final Conditions conditions;
    private final Set<String> writes = new HashSet<>();

    Analysis(Planning planning) {
        this.planning = planning;
        this.conditions = new Conditions(planning);
    }

    /** The kinds of data-modifying statements found inside the one analysed (in WITH). */
    Set<String> innerWrites() {
        return writes;
    }

    Conditions conditions() {
        return conditions;
    }

    Block statement(Ast node) {
        return level(Role.TOP, node, new Around(null, null, new Facts(), Set.of(), null));
    }

    /** What a level sees of those around it. */
    record Around(
            @Nullable Block block, @Nullable Scope scope, Facts facts, Set<String> ctes, Scope.@Nullable Found member) {
        /** The same, for a subquery whose only column must equal the column given. */
        Around with(Scope.@Nullable Found column) {
            return new Around(block, scope, facts, ctes, column);
        }
    }

    private Block level(Role role, Ast node, Around around) {
        if (role != Role.TOP && role != Role.INSERT_SOURCE && !node.is("SelectStmt")) {
            writes.add(node.kind());
        }
        List<Block> with = new ArrayList<>();
        Around inside = new Around(around.block, around.scope, around.facts, ctes(node, around, with), around.member);
        Block block = node.is("SelectStmt") && !node.text("op").equals("SETOP_NONE")
                ? setOperation(role, node, inside)
                : plain(role, node, inside);
        block.inner.addAll(0, with);
        return block;
    }

    private Set<String> ctes(Ast node, Around around, List<Block> found) {
        Ast with = node.child("withClause");
        if (with == null) {
            return around.ctes;
        }
        Set<String> names = new HashSet<>(around.ctes);
        if (with.flag("recursive")) {
            with.list("ctes").forEach(cte -> names.add(cte.text("ctename")));
        }
        for (Ast cte : with.list("ctes")) {
            Ast query = cte.child("ctequery");
            if (query != null) {
                Around seen = new Around(around.block, around.scope, around.facts, Set.copyOf(names), null);
                found.add(level(Role.CTE, query, seen));
            }
            names.add(cte.text("ctename"));
        }
        return names;
    }

    private Block setOperation(Role role, Ast node, Around around) {
        Block block =
                new Block(role, node, around.block, Scope.of(around.scope, List.of()), around.facts, planning.catalog);
        for (String arm : List.of("larg", "rarg")) {
            Ast child = bare(node, arm);
            if (child != null) {
                block.inner.add(level(
                        Role.SET_OPERATION, child, new Around(block, around.scope, around.facts, around.ctes, null)));
            }
        }
        return block;
    }

    /** The arms of a set operation come without their kind. */
    private static @Nullable Ast bare(Ast node, String field) {
        Ast child = node.child(field);
        return child == null ? null : child.as("SelectStmt");
    }

    private Block plain(Role role, Ast node, Around around) {
        Trees trees = new Trees(planning, around);
        Tree tree = trees.of(node);
        Scope scope = trees.scope();
        Facts facts = around.facts.copy();
        Ast where = node.child("whereClause");
        Block block = new Block(role, node, around.block, scope, facts, planning.catalog);
        if (where != null) {
            conditions.addTo(facts, where, scope);
        }
        member(node, around, scope, facts);
        Subqueries subqueries = new Subqueries(block, around);
        if (tree != null) {
            Joins joins = new Joins(conditions, subqueries, block);
            block.spread = joins.visit(tree, facts.copy(), false);
            joins.collect(tree, facts);
        }
        Around within = new Around(block, scope, facts, around.ctes, null);
        if (where != null) {
            where(where, within, true);
        }
        for (String field : EXPRESSIONS) {
            Ast one = node.child(field);
            if (one != null) {
                expression(one, within);
            }
            node.list(field).forEach(each -> expression(each, within));
        }
        trees.conditions().forEach(on -> expression(on, new Around(block, scope, around.facts, around.ctes, null)));
        Ast insertSource = node.is("InsertStmt") ? node.child("selectStmt") : null;
        if (insertSource != null) {
            block.inner.add(level(
                    Role.INSERT_SOURCE,
                    insertSource,
                    new Around(block, around.scope, around.facts, around.ctes, null)));
        }
        return block;
    }

    /** {@code x IN (SELECT y …)} looks at rows with x = y only, if the subquery takes its rows one by one. */
    private void member(Ast node, Around around, Scope scope, Facts facts) {
        List<Ast> targets = node.list("targetList");
        Scope.Found member = around.member;
        if (member == null || targets.size() != 1 || Shapes.notRowByRow(node, planning) != null) {
            return;
        }
        Ast value = targets.getFirst().child("val");
        Scope.Found column = value == null ? null : scope.resolve(value);
        if (column != null) {
            int family = Conditions.family(column.column());
            if (family > 0 && family == Conditions.family(member.column())) {
                facts.equal(member.id(), column.id());
            }
        }
    }

    /** Subqueries in WHERE: an IN that must hold adds its equality to the subquery's own facts. */
    private void where(Ast node, Around within, boolean mustHold) {
        if (node.is("BoolExpr")) {
            boolean and = mustHold && node.text("boolop").equals("AND_EXPR");
            node.list("args").forEach(part -> where(part, within, and));
        } else if (node.is("SubLink")) {
            Ast test = node.child("testexpr");
            Scope scope = within.scope;
            if (mustHold && test != null && scope != null && in(node)) {
                subquery(node, within.with(scope.resolve(test)));
            } else {
                subquery(node, within);
            }
        } else {
            expression(node, within);
        }
    }

    private static boolean in(Ast sublink) {
        List<String> operator = sublink.strings("operName");
        return sublink.text("subLinkType").equals("ANY_SUBLINK")
                && (operator.isEmpty() || operator.equals(List.of("=")));
    }

    /** Looks for subqueries below an expression. */
    private void expression(Ast node, Around within) {
        if (node.is("SubLink")) {
            subquery(node, within);
        } else {
            node.eachChild(child -> expression(child, within));
        }
    }

    private void subquery(Ast sublink, Around within) {
        Ast query = sublink.child("subselect");
        Ast test = sublink.child("testexpr");
        if (test != null) {
            expression(test, within.with(null));
        }
        if (query != null && within.block != null) {
            within.block.inner.add(level(Role.SUBLINK, query, within));
        }
    }

    /** FROM's subqueries: of their own level, or LATERAL. */
    private final class Subqueries implements Joins.Subqueries {
        private final Block block;
        private final Around around;

        Subqueries(Block block, Around around) {
            this.block = block;
            this.around = around;
        }

        @Override
        public Spread spread(Tree.One item, Facts facts, boolean nullable) {
            Ast range = java.util.Objects.requireNonNull(item.node());
            Ast query = range.child("subquery");
            if (query == null) {
                return range.is("RangeTableSample") ? sample(item, facts, nullable) : function(range);
            }
            boolean lateral = range.flag("lateral");
            Around seen = lateral
                    ? new Around(block, block.scope, facts, around.ctes, null)
                    : new Around(block, around.scope, around.facts, around.ctes, null);
            Block found = level(lateral ? Role.LATERAL : Role.FROM, query, seen);
            block.inner.add(found);
            return lateral && Anchors.follows(found, block) ? Spread.REPLICATED : derived(found);
        }

        private Spread sample(Tree.One item, Facts facts, boolean nullable) {
            block.leaves.add(new Leaf(item.relation(), facts, nullable));
            return new Spread.Broken(Refused.shape("TABLESAMPLE"));
        }

        private Spread function(Ast range) {
            String random = Functions.random(range, planning.catalog);
            return random == null ? Spread.REPLICATED : new Spread.Broken(Refused.shape(random + " in FROM"));
        }

        /** A subquery in FROM is spread as its own FROM is, if it treats each row by itself. */
        private Spread derived(Block found) {
            if (!found.readsSharded()) {
                return Spread.REPLICATED;
            }
            String obstacle = Shapes.notRowByRow(found.node, planning);
            if (obstacle != null) {
                return new Spread.Broken(Refused.shape(obstacle + " in a subquery in FROM"));
            }
            Refused inner = Anchors.obstacle(found);
            return inner == null ? found.spread : new Spread.Broken(inner);
        }
    }
}
