package dev.pando.core.route;

import dev.pando.core.route.Facts.ColumnId;
import dev.pando.core.topology.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads strict equalities out of conditions: only what stands on the top level or under AND. */
final class Conditions {
    /** Type OIDs whose equality is that of {@link dev.pando.core.shard.Key}: only columns of these carry facts on. */
    private static final Set<Integer> INTEGERS = Set.of(20, 21, 23);

    private static final Set<Integer> TEXTS = Set.of(25, 1043);
    private static final int UUID = 2950;

    private final Planning planning;
    private final Source source;

    Conditions(Planning planning) {
        this.planning = planning;
        this.source = planning.source;
    }

    void addTo(Facts facts, Ast condition, Scope scope) {
        if (condition.is("BoolExpr") && condition.text("boolop").equals("AND_EXPR")) {
            condition.list("args").forEach(part -> addTo(facts, part, scope));
        } else if (condition.is("A_Expr")) {
            expression(facts, condition, scope);
        }
    }

    private void expression(Facts facts, Ast node, Scope scope) {
        Ast left = node.child("lexpr");
        Ast right = node.child("rexpr");
        if (left == null || right == null || !equality(node)) {
            return;
        }
        switch (node.text("kind")) {
            case "AEXPR_OP" -> equality(facts, left, right, scope);
            case "AEXPR_IN" -> in(facts, left, right.list("items"), scope);
            case "AEXPR_OP_ANY" -> any(facts, left, right, scope);
            default -> {}
        }
    }

    private static boolean equality(Ast node) {
        List<String> name = node.strings("name");
        boolean builtIn =
                name.size() == 1 || (name.size() == 2 && name.getFirst().equals("pg_catalog"));
        return builtIn && name.getLast().equals("=");
    }

    private void equality(Facts facts, Ast left, Ast right, Scope scope) {
        if (left.is("RowExpr") && right.is("RowExpr")) {
            List<Ast> lefts = left.list("args");
            List<Ast> rights = right.list("args");
            for (int i = 0; lefts.size() == rights.size() && i < lefts.size(); i++) {
                equality(facts, lefts.get(i), rights.get(i), scope);
            }
            return;
        }
        ColumnId one = column(left, scope);
        ColumnId other = column(right, scope);
        if (one != null && other != null) {
            if (family(left, scope) == family(right, scope)) {
                facts.equal(one, other);
            }
        } else if (one != null || other != null) {
            Constant constant = Constant.of(one == null ? left : right, source);
            if (constant != null) {
                planning.vouch(one == null ? left : right);
                facts.oneOf(one == null ? java.util.Objects.requireNonNull(other) : one, List.of(constant));
            }
        }
    }

    private void in(Facts facts, Ast left, List<Ast> items, Scope scope) {
        if (!left.is("RowExpr")) {
            alternatives(facts, left, items, scope);
            return;
        }
        List<Ast> columns = left.list("args");
        for (int i = 0; i < columns.size(); i++) {
            List<Ast> column = new ArrayList<>();
            for (Ast item : items) {
                List<Ast> values = item.list("args");
                if (!item.is("RowExpr") || values.size() != columns.size()) {
                    return;
                }
                column.add(values.get(i));
            }
            alternatives(facts, columns.get(i), column, scope);
        }
    }

    private void alternatives(Facts facts, Ast left, List<Ast> items, Scope scope) {
        ColumnId column = column(left, scope);
        List<Constant> constants = column == null ? null : Constant.all(items, source);
        if (column != null && constants != null) {
            items.forEach(planning::vouch);
            facts.oneOf(column, constants);
        }
    }

    private void any(Facts facts, Ast left, Ast right, Scope scope) {
        ColumnId column = column(left, scope);
        List<Constant> constants = column == null ? null : Constant.elements(right, source);
        if (column != null && constants != null) {
            planning.vouch(right);
            facts.oneOf(column, constants);
        }
    }

    @Nullable
    ColumnId column(Ast node, Scope scope) {
        Scope.Found found = scope.resolve(node);
        return found == null || family(found.column()) < 0 ? null : found.id();
    }

    private static int family(Ast node, Scope scope) {
        Scope.Found found = scope.resolve(node);
        return found == null ? -1 : family(found.column());
    }

    /** Types that compare with one another as keys do have the same number; -1 for all others. */
    static int family(Column column) {
        int typeOid = column.typeOid();
        if (!column.deterministic()) {
            return -1;
        }
        if (INTEGERS.contains(typeOid)) {
            return 1;
        }
        return TEXTS.contains(typeOid) ? 2 : typeOid == UUID ? 3 : -1;
    }
}
