package dev.pando.core.config;

import dev.pando.core.topology.Address;
import dev.pando.core.topology.TableName;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * The values of one section or list entry: what the file says, else the default. A key whose value was refused counts as given, and falls
 * back to its default so that reading can go on to find the next problem.
 */
final class Values {
    private final Section section;
    private final String path;
    private final @Nullable TomlPosition at;
    private final Map<ConfigKey, Object> values = new EnumMap<>(ConfigKey.class);
    private final Map<ConfigKey, TomlPosition> given = new EnumMap<>(ConfigKey.class);

    private Values(Section section, String path, @Nullable TomlPosition at) {
        this.section = section;
        this.path = path;
        this.at = at;
    }

    /** Reads every key of the table; {@code path} is how messages call it and {@code at} where it begins. */
    static Values read(
            Section section, String path, @Nullable TomlTable table, @Nullable TomlPosition at, Problems problems) {
        Values values = new Values(section, path, at);
        for (ConfigKey key : ConfigKey.of(section)) {
            Object standard = key.standard();
            if (standard != null) {
                values.put(key, standard, null, problems);
            }
        }
        if (table != null) {
            for (String name : table.keySet()) {
                values.readKey(name, table, problems);
            }
        }
        for (ConfigKey key : ConfigKey.of(section)) {
            if (key.required() && !values.given(key)) {
                problems.add(
                        at,
                        values.name(key),
                        "is missing; it needs " + key.kind().describe());
            }
        }
        return values;
    }

    private void readKey(String name, TomlTable table, Problems problems) {
        TomlPosition position = table.inputPositionOf(List.of(name));
        Object raw = table.get(List.of(name));
        for (ConfigKey key : ConfigKey.of(section)) {
            if (key.title().equals(name) && raw != null) {
                put(key, raw, position, problems);
                return;
            }
        }
        boolean sectionOfItsOwn = section == Section.TOP
                && (raw instanceof TomlTable || Section.titles().contains(name));
        if (!sectionOfItsOwn) {
            problems.add(position, path + name, "unknown key" + NearMiss.hintForKey(name, section));
        }
    }

    private void put(ConfigKey key, Object raw, @Nullable TomlPosition position, Problems problems) {
        if (position != null) {
            given.put(key, position);
        }
        try {
            values.put(key, ValueReader.read(key.kind(), raw));
        } catch (BadValue e) {
            problems.add(position, name(key), Objects.requireNonNull(e.getMessage()));
        }
    }

    boolean given(ConfigKey key) {
        return given.containsKey(key);
    }

    boolean has(ConfigKey key) {
        return values.containsKey(key);
    }

    String name(ConfigKey key) {
        return path + key.title();
    }

    /** Where the key stands, or where its section begins. */
    @Nullable
    TomlPosition position(ConfigKey key) {
        TomlPosition position = given.get(key);
        return position == null ? at : position;
    }

    String text(ConfigKey key) {
        return (String) value(key);
    }

    int whole(ConfigKey key) {
        return (Integer) value(key);
    }

    long size(ConfigKey key) {
        return (Long) value(key);
    }

    boolean flag(ConfigKey key) {
        return (Boolean) value(key);
    }

    Duration time(ConfigKey key) {
        return (Duration) value(key);
    }

    Secret secret(ConfigKey key) {
        return (Secret) value(key);
    }

    Address server(ConfigKey key) {
        return (Address) value(key);
    }

    TableName relation(ConfigKey key) {
        return (TableName) value(key);
    }

    @SuppressWarnings("unchecked") // ValueReader makes exactly this for Servers
    List<Address> servers(ConfigKey key) {
        return has(key) ? (List<Address>) value(key) : List.of();
    }

    @SuppressWarnings("unchecked") // ValueReader makes exactly this for Names
    List<String> names(ConfigKey key) {
        return (List<String>) value(key);
    }

    @SuppressWarnings("unchecked") // ValueReader makes exactly this for Settings
    Map<String, String> settings(ConfigKey key) {
        return has(key) ? (Map<String, String>) value(key) : Map.of();
    }

    Object value(ConfigKey key) {
        return Objects.requireNonNull(values.get(key), key::fullName);
    }
}
