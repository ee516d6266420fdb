package dev.pando.core.route;

import dev.pando.core.merge.MergeSpec.TextOrder;
import dev.pando.core.topology.Catalog;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What is known of the collation of an expression. */
final class TextOrders {
    private static final Set<String> BYTES = Set.of("C", "POSIX", "pg_c_utf8", "ucs_basic", "C.UTF-8", "C.utf8");

    private static final Pattern BROUGHT_ALONG = Pattern.compile(
            "default|unicode|pg_unicode_fast|[a-z]{2,3}(-[A-Za-z0-9]+)*-x-icu|[a-z]{2,3}_[A-Z]{2}(\\.utf8)?");

    private final Scope scope;
    private final Catalog catalog;

    TextOrders(Scope scope, Catalog catalog) {
        this.scope = scope;
        this.catalog = catalog;
    }

    TextOrder of(Ast expression) {
        if (expression.is("CollateClause")) {
            List<String> name = expression.strings("collname");
            return BYTES.contains(name.getLast()) ? TextOrder.BYTES : TextOrder.UNKNOWN;
        }
        Scope.Found column = scope.resolve(expression);
        if (column != null) {
            return of(column);
        }
        boolean[] bytes = {catalog.byteOrderedDefault() && !expression.is("ColumnRef")};
        expression.walk(node -> {
            if (node.is("CollateClause") || node.is("SubLink")) {
                bytes[0] = false;
            } else if (node.is("ColumnRef")) {
                Scope.Found found = scope.resolve(node);
                bytes[0] &= found != null && of(found) == TextOrder.BYTES;
            }
        });
        return bytes[0] ? TextOrder.BYTES : TextOrder.UNKNOWN;
    }

    /**
     * Whether texts that compare as equal are surely the same. Collations named in the statement are, if PostgreSQL brings them: those of
     * other names may have been created with {@code deterministic = false}.
     */
    boolean deterministic(Ast expression) {
        boolean[] sure = {true};
        expression.walk(node -> {
            Scope.Found column = node.is("ColumnRef") ? scope.resolve(node) : null;
            sure[0] &= column == null || column.column().deterministic();
            if (node.is("CollateClause")) {
                String name = node.strings("collname").getLast();
                sure[0] &= BYTES.contains(name) || BROUGHT_ALONG.matcher(name).matches();
            }
        });
        return sure[0];
    }

    static TextOrder of(Scope.Found column) {
        boolean known = column.column().collation() == null || column.column().byteOrdered();
        return known && column.column().typeOid() != 0 ? TextOrder.BYTES : TextOrder.UNKNOWN;
    }
}
