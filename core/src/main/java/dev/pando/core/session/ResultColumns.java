package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.Field;
import dev.pando.base.wire.RowDescription;
import dev.pando.core.topology.Oids;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns a statement was described with: a client that knows them must not get others. Empty when it returns no rows. */
record ResultColumns(List<Field> fields) {
    static final ResultColumns NONE = new ResultColumns(List.of());

    static ResultColumns of(RowDescription description) {
        return new ResultColumns(description.fields());
    }

    /** Whether PostgreSQL would take a plan with the other's columns for one with these. */
    boolean same(ResultColumns other) {
        if (fields.size() != other.fields.size()) {
            return false;
        }
        for (int i = 0; i < fields.size(); i++) {
            if (!same(fields.get(i), other.fields.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(Field one, Field two) {
        // Given by a database, they can be others on another shard.
        boolean own = Oids.own(one.typeOid()) && Oids.own(two.typeOid());
        return one.name().equals(two.name())
                && (own || one.typeOid() == two.typeOid())
                && one.typeModifier() == two.typeModifier();
    }

    /** As PostgreSQL words it. Drivers look for the routine's name, and prepare the statement again. */
    static Failure changed() {
        ErrorFields basics = ErrorFields.of("ERROR", "0A000", "cached plan must not change result type");
        Map<Character, String> fields = new LinkedHashMap<>(basics.fields());
        fields.put('R', "RevalidateCachedQuery");
        return new Failure(new ErrorFields(fields));
    }
}
