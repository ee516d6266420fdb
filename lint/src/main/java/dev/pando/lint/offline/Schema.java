package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lint.offline.Table.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a database has, as far as the statements that made it are understood. Belongs to one thread. */
final class Schema {
    private final Map<Name, Table> tables = new LinkedHashMap<>();
    /** Names of relations and types that are no tables. */
    private final Set<Name> others = new HashSet<>();

    private final Map<Name, Set<String>> enums = new HashMap<>();
    private final Set<String> schemas = new HashSet<>(Set.of("public"));
    /** Where names without schema are looked for; null when that is not known. */
    private @Nullable List<String> path = List.of("public");

    final Uses uses = new Uses(this);
    private long numbers;
    /** Why nothing is known any more. */
    private @Nullable String unclear;

    /** The table that a name in a statement means; throws {@link Unclear} if that is not certain. */
    Table table(@Nullable Node range) {
        Table found = find(range);
        if (found == null) {
            throw new Unclear(range == null ? "no table is named" : range.text("relname") + " is not known");
        }
        if (found.unclear != null) {
            throw new Unclear(found.name.name() + " is not fully known: " + found.unclear);
        }
        return found;
    }

    @Nullable
    Table find(@Nullable Node range) {
        certain();
        return range == null ? null : find(range.text("schemaname"), range.text("relname"));
    }

    @Nullable
    Table find(String schema, String name) {
        if (!schema.isEmpty()) {
            return tables.get(new Name(schema, name));
        }
        for (String each : path()) {
            Table table = tables.get(new Name(each, name));
            if (table != null || others.contains(new Name(each, name))) {
                return table;
            }
        }
        return null;
    }

    /** The table that a name means, null too where nothing is certain any more. */
    @Nullable
    Table findAny(@Nullable Node range) {
        return range == null ? null : findAny(range.text("schemaname"), range.text("relname"));
    }

    @Nullable
    Table findAny(String schema, String name) {
        return unclear != null || (schema.isEmpty() && path == null) ? null : find(schema, name);
    }

    /** The name that something new gets. */
    Name fresh(Node range) {
        certain();
        if (!range.text("catalogname").isEmpty() || "t".equals(range.text("relpersistence"))) {
            throw new Unclear("temporary tables are not");
        }
        String schema = range.text("schemaname");
        if (schema.isEmpty()) {
            if (path().isEmpty()) {
                throw new Unclear("search_path is empty");
            }
            schema = path().getFirst();
        }
        if (!schemas.contains(schema)) {
            throw new Unclear("no schema " + schema + " is known");
        }
        return new Name(schema, range.text("relname"));
    }

    private List<String> path() {
        if (path == null) {
            throw new Unclear("search_path is not known");
        }
        return path;
    }

    void certain() {
        if (unclear != null) {
            throw new Unclear("the schema is not known since " + unclear);
        }
    }

    boolean taken(Name name) {
        return tables.containsKey(name)
                || others.contains(name)
                || tables.values().stream()
                        .anyMatch(table ->
                                table.name.schema().equals(name.schema()) && table.indexes.containsKey(name.name()));
    }

    /** The table of an index. */
    @Nullable
    Table ofIndex(String schema, String index) {
        List<String> where = schema.isEmpty() ? path() : List.of(schema);
        return where.stream()
                .flatMap(each -> tables.values().stream()
                        .filter(table -> table.name.schema().equals(each) && table.indexes.containsKey(index)))
                .findFirst()
                .orElse(null);
    }

    void add(Table table) {
        table.number = ++numbers;
        tables.put(table.name, table);
    }

    void remove(Table table) {
        tables.remove(table.name);
    }

    void rename(Table table, Name name) {
        for (Table other : tables.values()) {
            other.constraints.replaceAll((key, constraint) -> Objects.equals(constraint.references(), table.name)
                    ? new Table.Constraint(
                            constraint.name(),
                            constraint.kind(),
                            constraint.columns(),
                            constraint.valid(),
                            name,
                            constraint.referenced(),
                            constraint.provesNotNull())
                    : constraint);
        }
        tables.remove(table.name);
        table.name = name;
        tables.put(name, table);
    }

    /** The number of the last table that was added. */
    long numbers() {
        return numbers;
    }

    Collection<Table> tables() {
        return tables.values();
    }

    List<Table> children(Table table) {
        return tables.values().stream().filter(other -> other.parent == table).toList();
    }

    /** The table and all that inherit from it. */
    List<Table> family(Table table) {
        List<Table> all = new ArrayList<>(List.of(table));
        for (int i = 0; i < all.size(); i++) {
            all.addAll(children(all.get(i)));
        }
        return all;
    }

    /** Tables with a foreign key to this one. */
    List<Table> referencing(Table table) {
        return tables.values().stream()
                .filter(other -> other.constraints.values().stream()
                        .anyMatch(constraint -> table.name.equals(constraint.references())))
                .toList();
    }

    void addOther(Name name) {
        others.add(name);
    }

    void removeOther(Name name) {
        others.remove(name);
        enums.remove(name);
    }

    void addEnum(Name name, Set<String> labels) {
        others.add(name);
        enums.put(name, labels);
    }

    /** The labels of an enum; null when there is none of that name. */
    @Nullable
    Set<String> labels(List<String> typeName) {
        if (typeName.size() > 1) {
            return enums.get(new Name(typeName.getFirst(), typeName.getLast()));
        }
        return path().stream()
                .map(schema -> enums.get(new Name(schema, typeName.getLast())))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    void addSchema(String name) {
        schemas.add(name);
    }

    boolean hasSchema(String name) {
        return schemas.contains(name);
    }

    void path(@Nullable List<String> schemasInOrder) {
        path = schemasInOrder;
    }

    @Nullable
    List<String> currentPath() {
        return path;
    }

    void unclear(String since) {
        if (unclear == null) {
            unclear = since;
        }
    }
}
