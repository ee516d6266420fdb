package dev.pando.lint.read;

import java.util.Locale;
import java.util.Set;

/** Commands of psql's, of which only a few leave alone what statements run on, and where. */
public final class PsqlCommand {
    private static final Set<String> HARMLESS = Set.of(
            "restrict",
            "unrestrict",
            "echo",
            "qecho",
            "warn",
            "timing",
            "pset",
            "set",
            "unset",
            "encoding",
            "x",
            "a",
            "t",
            "f",
            "errverbose",
            "prompt",
            "conninfo");

    private PsqlCommand() {}

    public static boolean harmless(String command) {
        String name = command.replaceFirst("^\\\\", "").split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
        return HARMLESS.contains(name) && !command.contains("AUTOCOMMIT");
    }
}
