package dev.pando.core.merge;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.type.ScalarType;
import dev.pando.base.wire.Field;
import dev.pando.base.wire.RowDescription;
import java.util.List;

/** The columns of the shards' rows. */
record Columns(List<Field> fields) {
    static Columns of(RowDescription description) {
        return new Columns(description.fields());
    }

    int count() {
        return fields.size();
    }

    /** The position that {@code column} means: negative ones count from the end. */
    int position(int column) {
        int position = column < 0 ? count() + column : column;
        if (position < 0 || position >= count()) {
            throw new PandoException(PandoError.BUG, "merge names column " + column + " of " + count());
        }
        return position;
    }

    Field field(int position) {
        return fields.get(position);
    }

    /** The column's type, or a refusal that names {@code purpose}. */
    ScalarType type(int position, String purpose) {
        int oid = field(position).typeOid();
        ScalarType type = ScalarType.ofOid(oid);
        if (type == null) {
            throw new PandoException(PandoError.TYPE_NOT_MERGEABLE, purpose, TypeNames.of(oid));
        }
        return type;
    }

    /** As {@link #type}; text is refused too unless its order is that of its bytes. */
    ScalarType orderedType(int position, String purpose, MergeSpec.TextOrder order) {
        ScalarType type = type(position, purpose);
        if (type.collatable() && order == MergeSpec.TextOrder.UNKNOWN) {
            throw new PandoException(
                    PandoError.COLLATION_ORDER,
                    "\"" + HiddenName.shown(field(position).name()) + "\"",
                    "default");
        }
        return type;
    }

    /** Names may differ between shards, types and formats must not. */
    void requireSame(int source, Columns other) {
        if (count() != other.count()) {
            throw new PandoException(
                    PandoError.SCHEMA_DIFFERS, count() + " columns, but " + other.count() + " on shard " + source);
        }
        for (int i = 0; i < count(); i++) {
            Field mine = field(i);
            Field theirs = other.field(i);
            if (mine.typeOid() != theirs.typeOid() || mine.format() != theirs.format()) {
                throw new PandoException(
                        PandoError.SCHEMA_DIFFERS,
                        "\"%s\" is %s, but %s on shard %d"
                                .formatted(
                                        mine.name(),
                                        TypeNames.of(mine.typeOid()),
                                        TypeNames.of(theirs.typeOid()),
                                        source));
            }
        }
    }
}
