package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.base.sql.EncodingName;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Settings that would make Pando misread what clients and servers say. */
final class SettingRules {
    private static final Set<String> OFF = Set.of("off", "false", "no", "0", "f", "n");

    private SettingRules() {}

    static void check(Ast set, Planning planning) {
        String name = set.text("name").toLowerCase(Locale.ROOT);
        List<Ast> arguments = set.list("args");
        if (!watched(name) || arguments.isEmpty()) {
            return;
        }
        planning.literalMatters();
        check(name, Commands.string(arguments.getFirst()));
    }

    static boolean watched(String name) {
        return name.equals("standard_conforming_strings")
                || name.equals("client_encoding")
                || name.equals("transform_null_equals");
    }

    static void check(String name, String value) {
        String word = value.toLowerCase(Locale.ROOT);
        switch (name) {
            case "standard_conforming_strings" -> {
                if (OFF.contains(word)) {
                    throw refused(name, value, "Pando reads strings as the SQL standard does");
                }
            }
            case "client_encoding" -> {
                if (!word.equals("default") && !EncodingName.utf8(word)) {
                    throw refused(name, value, "Pando reads statements and keys as UTF-8");
                }
            }
            case "transform_null_equals" -> {
                if (!OFF.contains(word)) {
                    throw refused(name, value, "Pando reads = NULL as the SQL standard does");
                }
            }
            default -> {}
        }
    }

    private static Refused refused(String name, String value, String why) {
        return new Refused(PandoError.SETTING_REFUSED, name, value, why);
    }
}
