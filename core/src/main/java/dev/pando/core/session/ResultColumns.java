package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.Field;
import dev.pando.base.wire.RowDescription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns a statement was described with: a client that knows them must not get others. Empty when it returns no rows. */
record ResultColumns(List<Field> fields) {
    /** OIDs from here on are given by a database, and can be others on another shard. */
    private static final int FIRST_OWN_OID = 16_384;

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
        boolean own = one.typeOid() >= FIRST_OWN_OID && two.typeOid() >= FIRST_OWN_OID;
        return one.name().equals(two.name())
                && (own || one.typeOid() == two.typeOid())
                && one.typeModifier() == two.typeModifier();
    }

    /** Whether an error says what {@link #changed} does. */
    static boolean isChange(ErrorFields error) {
        return error.sqlState().equals("0A000")
                && "RevalidateCachedQuery".equals(error.fields().get('R'));
    }

    /** As PostgreSQL words it. Drivers look for the routine's name, and prepare the statement again. */
    static Failure changed() {
        ErrorFields basics = ErrorFields.of("ERROR", "0A000", "cached plan must not change result type");
        Map<Character, String> fields = new LinkedHashMap<>(basics.fields());
        fields.put('R', "RevalidateCachedQuery");
        return new Failure(new ErrorFields(fields));
    }
}
