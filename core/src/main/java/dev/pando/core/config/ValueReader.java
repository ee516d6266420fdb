package dev.pando.core.config;

import dev.pando.core.topology.Address;
import dev.pando.core.topology.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** Turns a TOML value into the value its key's kind asks for, or says why that cannot be. */
final class ValueReader {
    private ValueReader() {}

    static Object read(ValueKind kind, Object raw) throws BadValue {
        return switch (kind) {
            case ValueKind.Text() -> filled(text(kind, raw));
            case ValueKind.Password() -> new Secret(filled(text(kind, raw)));
            case ValueKind.Whole(int min, int max) -> whole(kind, raw, min, max);
            case ValueKind.Time(Duration min, Duration max) -> time(kind, raw, min, max);
            case ValueKind.Size(long min, long max) -> size(kind, raw, min, max);
            case ValueKind.Flag() -> raw instanceof Boolean flag ? flag : wrongType(kind, raw);
            case ValueKind.Choice(List<String> words) -> choice(kind, raw, words);
            case ValueKind.Server() -> server(text(kind, raw));
            case ValueKind.Servers() -> servers(kind, raw);
            case ValueKind.Relation() -> relation(text(kind, raw));
            case ValueKind.Names() -> names(kind, raw);
            case ValueKind.Settings() -> settings(kind, raw);
        };
    }

    private static String text(ValueKind kind, Object raw) throws BadValue {
        return raw instanceof String text ? text : (String) wrongType(kind, raw);
    }

    private static String filled(String text) throws BadValue {
        if (text.isBlank()) {
            throw new BadValue("is empty");
        }
        return text;
    }

    private static Object whole(ValueKind kind, Object raw, int min, int max) throws BadValue {
        if (!(raw instanceof Long number)) {
            return wrongType(kind, raw);
        }
        if (number < min || number > max) {
            throw new BadValue(number + " is not a " + kind.describe());
        }
        return number.intValue();
    }

    private static Object time(ValueKind kind, Object raw, Duration min, Duration max) throws BadValue {
        if (raw instanceof Long number) {
            throw new BadValue(number + " has no unit; write \"" + number + "s\" or \"" + number + "ms\"");
        }
        Duration duration = Units.duration(text(kind, raw));
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            throw new BadValue("\"" + raw + "\" is not a " + kind.describe());
        }
        return duration;
    }

    private static Object size(ValueKind kind, Object raw, long min, long max) throws BadValue {
        long bytes = raw instanceof Long number ? number : Units.size(text(kind, raw));
        if (bytes < min || bytes > max) {
            throw new BadValue((raw instanceof Long ? raw : "\"" + raw + "\"") + " is not a " + kind.describe());
        }
        return bytes;
    }

    private static String choice(ValueKind kind, Object raw, List<String> words) throws BadValue {
        String word = text(kind, raw);
        if (!words.contains(word)) {
            String meant = NearMiss.closest(word, words);
            throw new BadValue("\"" + word + "\" is not " + kind.describe()
                    + (meant == null ? "" : "; did you mean \"" + meant + "\"?"));
        }
        return word;
    }

    private static Address server(String text) throws BadValue {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new BadValue("\"" + text + "\": write an IPv6 address in brackets, as \"[::1]:5432\"");
        }
        if (host.isBlank()) {
            throw new BadValue("\"" + text + "\" is not a server as \"host:port\", such as \"10.0.0.1:5432\"");
        }
        String port = text.substring(colon + 1);
        int number = port.matches("\\d{1,5}") ? Integer.parseInt(port) : 0;
        if (number < 1 || number > 65535) {
            throw new BadValue("\"" + text + "\": the port is not a number from 1 to 65535");
        }
        return new Address(host, number);
    }

    private static List<Address> servers(ValueKind kind, Object raw) throws BadValue {
        List<Address> servers = new ArrayList<>();
        for (String text : texts(kind, raw)) {
            servers.add(server(text));
        }
        return servers;
    }

    private static TableName relation(String text) throws BadValue {
        String[] parts = text.split("\\.", -1);
        boolean empty = parts[0].isBlank() || parts[parts.length - 1].isBlank();
        if (parts.length > 2 || empty) {
            throw new BadValue("\"" + text + "\" is not a table as \"table\" or \"schema.table\"");
        }
        return parts.length == 1 ? new TableName("public", parts[0]) : new TableName(parts[0], parts[1]);
    }

    private static List<String> names(ValueKind kind, Object raw) throws BadValue {
        List<String> names = raw instanceof String one ? List.of(one) : texts(kind, raw);
        if (names.isEmpty()) {
            throw new BadValue("is empty");
        }
        for (String name : names) {
            filled(name);
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new BadValue("names a column twice: " + names);
        }
        return names;
    }

    private static List<String> texts(ValueKind kind, Object raw) throws BadValue {
        List<String> texts = new ArrayList<>();
        for (Object item : raw instanceof TomlArray array ? array.toList() : List.of(wrongType(kind, raw))) {
            texts.add(text(kind, item));
        }
        return texts;
    }

    private static Object settings(ValueKind kind, Object raw) throws BadValue {
        if (!(raw instanceof TomlTable table)) {
            return wrongType(kind, raw);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : table.keySet()) {
            Object value = table.get(List.of(name));
            settings.put(name, setting(kind, value));
        }
        return settings;
    }

    private static String setting(ValueKind kind, @Nullable Object value) throws BadValue {
        return switch (value) {
            case String text -> text;
            case Long number -> number.toString();
            case Boolean flag -> flag.toString();
            case null -> throw new BadValue("a setting has no value");
            default -> (String) wrongType(kind, value);
        };
    }

    /** Never returns. */
    private static Object wrongType(ValueKind kind, Object raw) throws BadValue {
        String got = switch (raw) {
            case String text -> "the text \"" + text + "\"";
            case Long number -> "the number " + number;
            case Double number -> "the number " + number;
            case Boolean flag -> flag.toString();
            case TomlArray array -> "a list of " + array.size();
            case TomlTable table -> "a table of " + table.size();
            default -> "a date or time";
        };
        String shown = kind instanceof ValueKind.Password ? "something else" : got;
        throw new BadValue("needs " + kind.describe() + ", not " + shown);
    }
}
