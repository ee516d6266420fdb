package dev.pando.server.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The arguments of one call, positional ones given the names of their places. What is not asked for is refused at the end. */
final class CallArguments {
    private final String function;
    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * @param places names of the arguments that may be given by place
     */
    CallArguments(String function, List<String> places, List<NamedArgument> arguments) {
        this.function = function;
        int place = 0;
        for (NamedArgument argument : arguments) {
            String name = argument.name();
            if (name == null) {
                if (place == places.size()) {
                    throw refused("takes at most " + places.size() + " arguments by place");
                }
                name = places.get(place++);
            }
            String value = argument.value();
            if (value == null) {
                continue;
            }
            if (values.put(name, value) != null) {
                throw refused("got argument \"" + name + "\" twice");
            }
        }
    }

    String required(String name) {
        return optional(name).orElseThrow(() -> refused("needs argument \"" + name + "\""));
    }

    Optional<String> optional(String name) {
        return Optional.ofNullable(values.remove(name));
    }

    boolean flag(String name) {
        String text = optional(name).orElse("false");
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "t", "true", "on", "yes", "y", "1" -> true;
            case "f", "false", "off", "no", "n", "0" -> false;
            default -> throw refused("got \"" + text + "\" for \"" + name + "\", which is not a boolean");
        };
    }

    OptionalInt number(String name) {
        Optional<String> text = optional(name);
        try {
            return text.isEmpty()
                    ? OptionalInt.empty()
                    : OptionalInt.of(Integer.parseInt(text.get().strip()));
        } catch (NumberFormatException e) {
            throw refused("got \"" + text.get() + "\" for \"" + name + "\", which is not a number");
        }
    }

    int requiredNumber(String name) {
        return number(name).orElseThrow(() -> refused("needs argument \"" + name + "\""));
    }

    /** All that is left: settings of the sharding function. {@code shard_0} may stand for {@code shard.0}, as names go without quotes. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        values.forEach((name, value) -> settings.put(
                name.replaceFirst("^(shard|pins)_(\\d+)$", "$1.$2").replaceFirst("^base_", "base."), value));
        values.clear();
        return settings;
    }

    void refuseOthers() {
        if (!values.isEmpty()) {
            throw refused("has no argument \"" + values.keySet().iterator().next() + "\"");
        }
    }

    /** A comma list ({@code a, "B c"}) or an array's text form ({@code {a,"B c"}}) of names or values. */
    static List<String> list(String text) {
        String inner = text.strip();
        boolean array = inner.startsWith("{") && inner.endsWith("}");
        if (array) {
            inner = inner.substring(1, inner.length() - 1);
        }
        List<String> items = new ArrayList<>();
        StringBuilder item = new StringBuilder();
        boolean quoted = false;
        boolean wasQuoted = false;
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if (quoted && c == '\\' && array && i + 1 < inner.length()) {
                item.append(inner.charAt(++i));
            } else if (c == '"' && quoted && i + 1 < inner.length() && inner.charAt(i + 1) == '"' && !array) {
                item.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
                wasQuoted = true;
            } else if (c == ',' && !quoted) {
                items.add(wasQuoted ? item.toString() : item.toString().strip());
                item.setLength(0);
                wasQuoted = false;
            } else if (quoted || !(wasQuoted || item.isEmpty()) || !Character.isWhitespace(c)) {
                item.append(c);
            }
        }
        items.add(wasQuoted ? item.toString() : item.toString().strip());
        return items;
    }

    private dev.pando.base.error.PandoException refused(String problem) {
        return PlacementChecks.argument("pando." + function + "() " + problem);
    }
}
