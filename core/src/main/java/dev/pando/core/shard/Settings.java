package dev.pando.core.shard;

import dev.pando.base.error.PandoException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a function's settings once; what was not asked for is refused at the end, so that no misspelt setting is passed over. */
final class Settings {
    private final String function;
    private final Map<String, String> values;
    private final Set<String> known = new HashSet<>();

    Settings(String function, Map<String, String> values) {
        this.function = function;
        this.values = values;
    }

    @Nullable
    String text(String name) {
        known.add(name);
        return values.get(name);
    }

    int integer(String name, int otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        return number(name, text);
    }

    int number(String name, String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw refused(name, "\"" + text + "\" is not a number");
        }
    }

    /** Settings such as {@code shard.0}, by what follows the prefix. */
    Map<String, String> prefixed(String prefix) {
        Map<String, String> found = new TreeMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                known.add(name);
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }

    PandoException refused(String name, String problem) {
        return KeyColumns.refused("setting \"" + name + "\" of sharding function " + function + ": " + problem);
    }

    void refuseUnknown() {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw refused(
                        name,
                        known.isEmpty()
                                ? "the function has no settings"
                                : "unknown; there is " + String.join(", ", new java.util.TreeSet<>(known)));
            }
        }
    }
}
