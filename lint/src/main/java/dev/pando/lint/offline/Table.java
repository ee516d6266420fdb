package dev.pando.lint.offline;

import dev.pando.lab.oracle.Relation;
import dev.pando.lab.oracle.RelationKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A table as far as the statements about it are understood. */
final class Table {
    record Name(String schema, String name) {}

    /** {@code modifiers} are those in parentheses, as {@code varchar(20)} has them. */
    record ColumnType(String name, List<Integer> modifiers, boolean array) {}

    record Column(String name, ColumnType type, boolean notNull, Filling filling) {
        Column with(boolean newNotNull) {
            return new Column(name, type, newNotNull, filling);
        }

        Column with(Filling newFilling) {
            return new Column(name, type, notNull, newFilling);
        }

        Column with(ColumnType newType) {
            return new Column(name, newType, notNull, filling);
        }
    }

    /** Where the values come from that an INSERT does not name. */
    enum Filling {
        NONE,
        DEFAULT,
        IDENTITY,
        GENERATED
    }

    enum ConstraintKind {
        CHECK,
        FOREIGN_KEY,
        UNIQUE,
        PRIMARY_KEY,
        OTHER
    }

    /**
     * A constraint.
     *
     * @param columns that it is about, or mentions
     * @param provesNotNull the column that a CHECK of the form {@code column IS NOT NULL} is about
     */
    record Constraint(
            String name,
            ConstraintKind kind,
            List<String> columns,
            boolean valid,
            @Nullable Name references,
            List<String> referenced,
            @Nullable String provesNotNull) {
        Constraint validated() {
            return new Constraint(name, kind, columns, true, references, referenced, provesNotNull);
        }

        Constraint named(String newName) {
            return new Constraint(newName, kind, columns, valid, references, referenced, provesNotNull);
        }
    }

    /** {@code plain} if its columns are all of it: no expressions, no condition. */
    record Index(String name, List<String> columns, boolean unique, boolean plain) {}

    Name name;
    /** Its own in its schema; 0 before it is there. */
    long number;

    RelationKind kind = RelationKind.TABLE;
    final Map<String, Column> columns = new LinkedHashMap<>();
    final Map<String, Constraint> constraints = new LinkedHashMap<>();
    final Map<String, Index> indexes = new LinkedHashMap<>();
    /** Kinds of objects that use it or act on it: views, triggers, policies, rules. */
    final Set<String> entangled = new TreeSet<>();

    /** Names of sequences that go with it. */
    final Set<String> sequences = new TreeSet<>();

    @Nullable
    Table parent;

    boolean partition;
    boolean defaultPartition;
    /** Why not all of it is known; null when it is. */
    @Nullable
    String unclear;

    Table(Name name) {
        this.name = name;
    }

    Relation relation() {
        return new Relation(name.schema(), name.name(), kind, true);
    }

    Column column(String column) {
        Column found = columns.get(column);
        if (found == null) {
            throw new Unclear("no column " + column + " of " + name.name() + " is known");
        }
        return found;
    }

    void change(Column column) {
        columns.put(column.name(), column);
    }
}
