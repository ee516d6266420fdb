package dev.pando.lint.offline;

import dev.pando.lab.oracle.Role;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A statement, or a command of one, without its names: what is of one form does the same to the tables in the same places.
 *
 * @param words the form, for comparing and for the reader
 */
record Form(String words, Map<Place, List<Table>> places) {
    /** What a table is to the statement, told from the parse tree and the schema. */
    enum Place {
        TARGET(Role.TARGET),
        /** It is made by the statement. */
        NEW(Role.TARGET),
        TABLE_OF_INDEX(Role.TABLE_OF_INDEX),
        REFERENCED(Role.REFERENCED),
        PARTITION(Role.PARTITION),
        CHILD(Role.CHILD);

        private final Role role;

        Place(Role role) {
            this.role = role;
        }

        /** As the oracle calls the table there. */
        Role role(Table table) {
            return this == PARTITION && table.defaultPartition ? Role.DEFAULT_PARTITION : role;
        }
    }

    Form {
        places = Map.copyOf(places);
    }

    static Form of(String words, Table target) {
        return new Form(words, Map.of(Place.TARGET, List.of(target)));
    }

    static Form of(String words) {
        return new Form(words, new EnumMap<>(Place.class));
    }

    boolean makesIndex() {
        return words.contains("unique") || words.contains("primary key");
    }

    Form with(Place place, List<Table> tables) {
        Map<Place, List<Table>> more = new EnumMap<>(Place.class);
        more.putAll(places);
        if (!tables.isEmpty()) {
            more.put(place, tables);
        }
        return new Form(words, more);
    }
}
