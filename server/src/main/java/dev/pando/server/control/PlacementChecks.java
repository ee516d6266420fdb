package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.shard.KeyType;
import dev.pando.core.topology.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What must hold before a table is declared, decided on facts alone. Collects the notices that the caller gets to see. */
final class PlacementChecks {
    private static final Pattern GENERATED_UUID =
            Pattern.compile("([a-z_]+\\.)?(gen_random_uuid|uuidv4|uuidv7|uuid_generate_v[14])\\(.*\\)");

    private final TableFacts table;
    private final Metadata metadata;
    private final List<String> notices = new ArrayList<>();

    PlacementChecks(TableFacts table, Metadata metadata) {
        this.table = table;
        this.metadata = metadata;
    }

    List<String> notices() {
        return List.copyOf(notices);
    }

    /** Only a table of its own can be placed. */
    void requireTable() {
        String what = switch (table.kind()) {
            case "r", "p" -> table.child() ? "a partition or inheritance child; declare its parent" : "";
            case "v" -> "a view";
            case "m" -> "a materialized view";
            case "f" -> "a foreign table";
            case "S" -> "a sequence";
            default -> "not a table";
        };
        if (!what.isEmpty()) {
            throw argument("\"" + table.name() + "\" is " + what);
        }
        Metadata.Entry entry = metadata.tables().get(table.name());
        if (entry != null) {
            throw new PandoException(
                    PandoError.ALREADY_DISTRIBUTED, table.name(), entry.group().isPresent() ? "sharded" : "reference");
        }
        if (metadata.tenants().containsKey(table.name().schema())) {
            throw argument("schema \"" + table.name().schema() + "\" of table \""
                    + table.name().name() + "\" is a tenant's: its tables are on the tenant's shard");
        }
        if (!table.triggers().isEmpty()) {
            notices.add("triggers of \"" + table.name() + "\" (" + String.join(", ", table.triggers())
                    + ") run on each shard and see only that shard's rows");
        }
    }

    List<KeyType> keyTypes(List<String> key) {
        List<KeyType> types = new ArrayList<>();
        for (String name : key) {
            TableFacts.ColumnFact column = table.column(name)
                    .orElseThrow(
                            () -> argument("column \"" + name + "\" of table \"" + table.name() + "\" does not exist"));
            if (!column.deterministic()) {
                throw argument(
                        "column \"" + name + "\" has a nondeterministic collation: equal keys could be on two shards");
            }
            if (column.computed()) {
                throw argument("column \"" + name + "\" is generated from other columns and cannot be a sharding key");
            }
            types.add(KeyType.ofName(column.type()));
        }
        if (new HashSet<>(key).size() != key.size()) {
            throw argument("a column is named twice in the key (" + String.join(", ", key) + ")");
        }
        return types;
    }

    void requireUnique(List<String> key, boolean perShard) {
        for (TableFacts.UniqueFact unique : table.uniques()) {
            if (new HashSet<>(unique.columns()).containsAll(key)) {
                continue;
            }
            Optional<String> generated =
                    unique.columns().stream().filter(this::valuesAreGenerated).findFirst();
            if (generated.isPresent()) {
                notices.add("\"" + unique.name() + "\" on \"" + table.name() + "\" does not contain the sharding key ("
                        + String.join(", ", key) + "): generated values of \"" + generated.get()
                        + "\" differ between shards, values given by hand are compared on their own shard only");
            } else if (perShard) {
                notices.add(
                        "\"" + unique.name() + "\" on \"" + table.name() + "\" is enforced on each shard for itself");
            } else {
                throw new PandoException(
                        PandoError.UNIQUE_WITHOUT_KEY, unique.name(), table.name(), String.join(", ", key));
            }
        }
    }

    /** Whether no two shards ever generate the same value: random, or from a sequence whose values are dealt out between the shards. */
    private boolean valuesAreGenerated(String column) {
        if (table.sequences().stream().anyMatch(sequence -> sequence.column().equals(column))) {
            return true;
        }
        return table.column(column)
                .map(TableFacts.ColumnFact::defaultExpression)
                .filter(expression -> GENERATED_UUID.matcher(expression).matches())
                .isPresent();
    }

    void requireSequences() {
        for (TableFacts.SequenceFact sequence : table.sequences()) {
            if (sequence.increment() != 1 || sequence.cycles()) {
                throw argument(
                        "sequence \"" + sequence.name() + "\" has its own increment or cycles, so its values cannot be"
                                + " dealt out between shards: set INCREMENT BY 1 NO CYCLE");
            }
        }
    }

    /**
     * Foreign keys of a table that is to be sharded. A referencing table that is not declared yet is tolerated while it is empty.
     *
     * @param undeclaredAndEmpty whether that table is neither declared nor holds rows
     */
    void requireForeignKeys(
            List<String> key, String group, java.util.function.Predicate<TableName> undeclaredAndEmpty) {
        for (TableFacts.ForeignKeyFact foreign : table.foreignKeys()) {
            if (foreign.from().equals(table.name())) {
                if (!foreign.to().equals(table.name()) || !alongKey(foreign, key, key)) {
                    requireOutgoing(foreign, key, group);
                }
            } else {
                requireIncoming(foreign, key, group, undeclaredAndEmpty);
            }
        }
    }

    private void requireOutgoing(TableFacts.ForeignKeyFact foreign, List<String> key, String group) {
        Metadata.Entry to = metadata.tables().get(foreign.to());
        boolean fine = to != null
                && (to.group().isEmpty()
                        || (to.group().get().equals(group) && alongKey(foreign, key, to.keyColumns())));
        if (!fine) {
            throw across(foreign);
        }
    }

    private void requireIncoming(
            TableFacts.ForeignKeyFact foreign,
            List<String> key,
            String group,
            java.util.function.Predicate<TableName> undeclaredAndEmpty) {
        Metadata.Entry from = metadata.tables().get(foreign.from());
        if (from != null
                && from.group().filter(group::equals).isPresent()
                && alongKey(foreign, from.keyColumns(), key)) {
            return;
        }
        if (from == null && undeclaredAndEmpty.test(foreign.from())) {
            notices.add("\"" + foreign.from() + "\" references \"" + table.name() + "\" by \"" + foreign.name()
                    + "\": distribute it with colocate_with => '" + table.name().name() + "' before it is filled");
            return;
        }
        throw across(
                foreign,
                "Table \"" + foreign.from()
                        + "\" holds rows. Drop the foreign key, distribute both tables, and add it again.");
    }

    /** Foreign keys of a table that is to be on the first shard alone again. */
    void requireForeignKeysWithout(boolean empty) {
        String way = "Drop the foreign key, undistribute both tables, and add it again.";
        for (TableFacts.ForeignKeyFact foreign : table.foreignKeys()) {
            Metadata.Entry from = metadata.tables().get(foreign.from());
            Metadata.Entry to = metadata.tables().get(foreign.to());
            boolean own = foreign.from().equals(foreign.to());
            boolean incoming = !own && foreign.to().equals(table.name()) && from != null;
            boolean outgoing = !own
                    && foreign.from().equals(table.name())
                    && to != null
                    && to.group().isPresent();
            if (incoming || (outgoing && !empty)) {
                throw across(foreign, way);
            }
        }
    }

    /** Foreign keys of a reference table: it may point to reference tables only; anything may point to it that is declared or empty. */
    void requireReferenceForeignKeys() {
        for (TableFacts.ForeignKeyFact foreign : table.foreignKeys()) {
            boolean outgoing =
                    foreign.from().equals(table.name()) && !foreign.to().equals(table.name());
            Metadata.Entry to = metadata.tables().get(foreign.to());
            if (outgoing && (to == null || to.group().isPresent())) {
                throw across(foreign);
            }
        }
    }

    /** Whether each key column on one side is compared with the key column of the same place on the other. */
    private static boolean alongKey(TableFacts.ForeignKeyFact foreign, List<String> fromKey, List<String> toKey) {
        if (fromKey.size() != toKey.size()) {
            return false;
        }
        for (int i = 0; i < fromKey.size(); i++) {
            int place = foreign.fromColumns().indexOf(fromKey.get(i));
            if (place < 0 || !foreign.toColumns().get(place).equals(toKey.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static PandoException across(TableFacts.ForeignKeyFact foreign, String detail) {
        return PandoException.detailed(
                PandoError.FOREIGN_KEY_ACROSS, detail, foreign.name(), foreign.from(), foreign.to());
    }

    private static PandoException across(TableFacts.ForeignKeyFact foreign) {
        return new PandoException(PandoError.FOREIGN_KEY_ACROSS, foreign.name(), foreign.from(), foreign.to());
    }

    static PandoException argument(String problem) {
        return new PandoException(PandoError.DISTRIBUTE_ARGUMENT, problem);
    }
}
