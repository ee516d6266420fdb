package dev.pando.lint.fact;

import dev.pando.base.sql.Quote;
import dev.pando.lab.oracle.Relation;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Sizes of the tables of the database that the migration is for; from nowhere else, so a size that is not known stays unknown. */
public record Sizes(Map<String, Long> bytes) {
    public static final Sizes NONE = new Sizes(Map.of());

    public Sizes {
        bytes = Map.copyOf(bytes);
    }

    /** Under its qualified name, as SQL has it, or under its name alone. */
    public OptionalLong of(Relation table) {
        return of(table.qualifiedName(), table.name());
    }

    public OptionalLong of(String qualifiedName, String name) {
        Long size = bytes.getOrDefault(qualifiedName, bytes.get(name));
        return size == null ? OptionalLong.empty() : OptionalLong.of(size);
    }

    /** These, and {@code others} where they say something else. */
    public Sizes with(Map<String, Long> others) {
        Map<String, Long> all = new HashMap<>(bytes);
        for (String name : others.keySet()) {
            // A name alone means the table in every schema.
            all.keySet().removeIf(known -> known.endsWith("." + name) || known.endsWith("." + Quote.identifier(name)));
        }
        all.putAll(others);
        return new Sizes(all);
    }
}
