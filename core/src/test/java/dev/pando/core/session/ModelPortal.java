package dev.pando.core.session;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A portal; {@code rows} are those not sent yet, null before it ran and when it returns none. */
final class ModelPortal {
    final ModelSql.Parsed sql;
    final List<@Nullable String> parameters;
    /** How many savepoints had been set in its connection's life. */
    final int born;

    @Nullable
    List<List<String>> rows;

    String tag = "";

    ModelPortal(ModelSql.Parsed sql, List<@Nullable String> parameters, int born) {
        this.sql = sql;
        this.parameters = parameters;
        this.born = born;
    }

    /** Those that have a name, of statements or portals. */
    static Set<String> named(Set<String> all) {
        return all.stream().filter(name -> !name.isEmpty()).collect(Collectors.toCollection(TreeSet::new));
    }
}
