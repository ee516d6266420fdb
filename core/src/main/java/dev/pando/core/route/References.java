package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.core.topology.Column;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.Table;
import dev.pando.core.topology.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes to reference tables: every shard runs the same statement, so the statement must do the same on every shard. What could differ is
 * refused by name: volatile functions and the clock, defaults such as sequences, whatever the server may choose, and where rows lie.
 */
final class References {
    private static final Set<String> SERIAL =
            Set.of("serial", "bigserial", "smallserial", "serial2", "serial4", "serial8");

    /** date, time, timestamp, timestamptz, timetz: their input functions know words that mean the current time. */
    private static final Set<Integer> TIMES = Set.of(1082, 1083, 1114, 1184, 1266);

    private static final Set<String> TIME_NAMES = Set.of("date", "time", "timestamp", "timestamptz", "timetz");
    private static final Pattern CLOCK_WORD =
            Pattern.compile("\\s*(now|today|tomorrow|yesterday)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final Planning planning;
    private final String verb;
    private final String table;

    private References(Planning planning, String verb, String table) {
        this.planning = planning;
        this.verb = verb;
        this.table = table;
    }

    /** An INSERT, UPDATE, DELETE or MERGE with this target. */
    static void check(Planning planning, Ast statement, Relation target) {
        String verb = statement.kind().replace("Stmt", "").toUpperCase(Locale.ROOT);
        References references = new References(planning, verb, target.name());
        references.expressions(statement);
        references.clockWords(statement, target);
        if (statement.is("InsertStmt")) {
            references.inserted(statement, target);
        }
        references.assigned(statement, target);
        references.triggers(target.table());
        statement.list("mergeWhenClauses").forEach(when -> references.when(when, target));
    }

    /** ALTER TABLE … ADD COLUMN or ALTER COLUMN … TYPE: what fills the rows that are there. */
    static void checkAlter(Planning planning, Ast command, String table) {
        References references = new References(planning, "ALTER TABLE", table);
        references.expressions(command);
        Ast column = command.child("def");
        Ast type = column == null ? null : column.child("typeName");
        boolean serial = type != null && SERIAL.contains(last(type.strings("names")));
        boolean identity = column != null
                && column.list("constraints").stream()
                        .anyMatch(constraint -> constraint.text("contype").equals("CONSTR_IDENTITY"));
        if (serial || identity) {
            throw references.refused("a sequence");
        }
    }

    /** COPY … FROM. */
    static void checkCopy(Planning planning, @Nullable Table table) {
        if (table != null) {
            new References(planning, "COPY", table.name().name()).triggers(table);
        }
    }

    private void triggers(@Nullable Table written) {
        String divergent =
                written == null ? null : planning.catalog.code().divergent().get(written.name());
        if (divergent != null) {
            throw refused(divergent);
        }
    }

    private static String last(List<String> names) {
        return names.isEmpty() ? "" : names.getLast();
    }

    private Refused refused(String what) {
        return new Refused(PandoError.STATEMENT_VALUES_VOLATILE, verb, table, what);
    }

    private void expressions(Ast node) {
        String varying = Functions.varying(node, planning.catalog);
        String choice = varying == null ? Choices.of(node, planning.catalog) : varying;
        if (choice != null) {
            throw refused(choice);
        }
    }

    /** {@code 'now'} in a column of time, or cast to one, is the time at which each shard reads it. */
    private void clockWords(Ast statement, Relation target) {
        boolean[] time = new boolean[1];
        statement.walk(node -> time[0] |= node.is("TypeCast") && castToTime(node));
        if (time[0] || columns(target).stream().anyMatch(column -> TIMES.contains(column.typeOid()))) {
            planning.literalMatters();
            statement.walk(node -> {
                String text = node.is("A_Const") ? Commands.string(node) : "";
                if (CLOCK_WORD.matcher(text).matches()) {
                    throw refused("'" + text + "'");
                }
            });
        }
    }

    private static boolean castToTime(Ast cast) {
        Ast type = cast.child("typeName");
        return type != null && TIME_NAMES.contains(last(type.strings("names")));
    }

    private void when(Ast when, Relation target) {
        if (when.text("commandType").equals("CMD_INSERT")) {
            List<List<Ast>> rows = when.has("values") ? List.of(when.list("values")) : List.of();
            given(target, when.list("targetList"), rows, when.has("values"));
        } else {
            assigned(when, target);
        }
    }

    private void inserted(Ast insert, Relation target) {
        Ast source = insert.child("selectStmt");
        List<List<Ast>> rows = source == null
                ? List.of()
                : source.list("valuesLists").stream()
                        .map(row -> row.list("items"))
                        .toList();
        given(target, insert.list("cols"), rows, source != null);
        Ast conflict = insert.child("onConflictClause");
        if (conflict != null) {
            assigned(conflict, target);
        }
    }

    /** Columns whose default differs from shard to shard must be given. */
    private void given(Relation target, List<Ast> named, List<List<Ast>> rows, boolean source) {
        for (Column column : columns(target)) {
            int at = InsertPlanner.position(target, named, column.name());
            boolean given = source && at >= 0 && rows.stream().allMatch(row -> given(row, at));
            if (column.defaultValue() == Column.Default.DIFFERS && !given) {
                throw refused("the default of column \"" + column.name() + "\"");
            }
        }
        if (viewHidesDefault(target)) {
            throw refused("the defaults of the table behind the view");
        }
    }

    private static boolean given(List<Ast> row, int at) {
        return at < row.size() && !row.get(at).is("SetToDefault");
    }

    /** {@code SET column = DEFAULT}. */
    private void assigned(Ast holder, Relation target) {
        for (Ast assignment : holder.list("targetList")) {
            boolean[] toDefault = new boolean[1];
            assignment.walk(node -> toDefault[0] |= node.is("SetToDefault"));
            boolean differs =
                    columns(target).stream().anyMatch(column -> column.defaultValue() == Column.Default.DIFFERS);
            if (toDefault[0] && (differs || viewHidesDefault(target))) {
                throw refused("a column's DEFAULT");
            }
        }
    }

    private static List<Column> columns(Relation target) {
        return target.table() == null ? List.of() : target.table().columns();
    }

    private boolean viewHidesDefault(Relation target) {
        List<TableName> read = target.table() == null
                ? List.of()
                : new ArrayList<>(target.table().readsFrom());
        return read.stream().map(planning.catalog.tables()::get).anyMatch(base -> base != null && differs(base));
    }

    private static boolean differs(Table table) {
        return table.placement() instanceof Placement.Reference
                && table.columns().stream().anyMatch(column -> column.defaultValue() == Column.Default.DIFFERS);
    }
}
