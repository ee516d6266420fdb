package dev.pando.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes {@code docs/pando.schema.json} from the list of keys: JSON Schema, draft 7, which the editors' TOML plugins read. It checks names,
 * types and ranges; what must hold between keys is checked at the start only.
 */
final class ConfigSchema {
    private static final String SERVER = "^(\\[[0-9A-Fa-f:.%]+\\]|[^:\\s]+):[0-9]{1,5}$";

    private ConfigSchema() {}

    static String text() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "pando.toml");
        schema.put("description", "Settings of Pando.");
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        Map<String, Object> properties = new LinkedHashMap<>(properties(Section.TOP));
        for (Section section : Section.values()) {
            if (section != Section.TOP) {
                properties.put(section.title(), section(section));
            }
        }
        schema.put("properties", properties);
        StringBuilder out = new StringBuilder();
        write(schema, "", out);
        return out.append('\n').toString();
    }

    private static Map<String, Object> section(Section section) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", section.what());
        Map<String, Object> entry = section.list() ? new LinkedHashMap<>() : schema;
        entry.put("type", "object");
        entry.put("additionalProperties", false);
        List<String> required = new ArrayList<>();
        for (ConfigKey key : ConfigKey.of(section)) {
            if (key.required()) {
                required.add(key.title());
            }
        }
        if (!required.isEmpty()) {
            entry.put("required", required);
        }
        entry.put("properties", properties(section));
        if (section.list()) {
            schema.put("type", "array");
            schema.put("items", entry);
        }
        return schema;
    }

    private static Map<String, Object> properties(Section section) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (ConfigKey key : ConfigKey.of(section)) {
            Map<String, Object> schema = new LinkedHashMap<>(kind(key.kind()));
            schema.put("description", KeyTexts.of(key));
            Object standard = key.standard();
            if (standard != null) {
                schema.put("default", standard);
            }
            properties.put(key.title(), schema);
        }
        return properties;
    }

    private static Map<String, Object> kind(ValueKind kind) {
        Map<String, Object> schema = new LinkedHashMap<>();
        switch (kind) {
            case ValueKind.Text(), ValueKind.Password() -> filled(schema);
            case ValueKind.Whole(int min, int max) -> whole(schema, min, max);
            case ValueKind.Time(Duration min, Duration max) ->
                pattern(schema, "^\\s*[0-9]{1,18}\\s*(ms|s|min|h|d)\\s*$");
            case ValueKind.Size(long min, long max) -> {
                Map<String, Object> number = new LinkedHashMap<>();
                whole(number, min, max);
                Map<String, Object> text = new LinkedHashMap<>();
                pattern(text, "^\\s*[0-9]{1,18}\\s*([kK]?|[mM]|[gG])[bB]\\s*$");
                schema.put("anyOf", List.of(number, text));
            }
            case ValueKind.Flag() -> schema.put("type", "boolean");
            case ValueKind.Choice(List<String> words) -> schema.put("enum", words);
            case ValueKind.Server() -> pattern(schema, SERVER);
            case ValueKind.Servers() -> {
                Map<String, Object> server = new LinkedHashMap<>();
                pattern(server, SERVER);
                list(schema, server);
            }
            case ValueKind.Relation() -> pattern(schema, "^[^.]+(\\.[^.]+)?$");
            case ValueKind.Names() -> {
                Map<String, Object> name = new LinkedHashMap<>();
                filled(name);
                Map<String, Object> names = new LinkedHashMap<>();
                list(names, name);
                names.put("minItems", 1L);
                names.put("uniqueItems", true);
                schema.put("anyOf", List.of(name, names));
            }
            case ValueKind.Settings() -> {
                schema.put("type", "object");
                schema.put("additionalProperties", Map.of("type", List.of("string", "integer", "boolean")));
            }
        }
        return schema;
    }

    private static void filled(Map<String, Object> schema) {
        pattern(schema, "\\S");
    }

    private static void pattern(Map<String, Object> schema, String pattern) {
        schema.put("type", "string");
        schema.put("pattern", pattern);
    }

    private static void whole(Map<String, Object> schema, long min, long max) {
        schema.put("type", "integer");
        schema.put("minimum", min);
        schema.put("maximum", max);
    }

    private static void list(Map<String, Object> schema, Map<String, Object> item) {
        schema.put("type", "array");
        schema.put("items", item);
    }

    private static void write(Object value, String indent, StringBuilder out) {
        switch (value) {
            case Map<?, ?> map -> {
                out.append("{\n");
                String separator = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator).append(indent).append("  ");
                    // TOML's quoting of text is JSON's.
                    out.append(ConfigPrinter.toml(entry.getKey())).append(": ");
                    write(entry.getValue(), indent + "  ", out);
                    separator = ",\n";
                }
                out.append('\n').append(indent).append('}');
            }
            case List<?> list -> {
                out.append('[');
                String separator = "";
                for (Object item : list) {
                    out.append(separator);
                    write(item, indent, out);
                    separator = ", ";
                }
                out.append(']');
            }
            default -> out.append(ConfigPrinter.toml(value));
        }
    }
}
