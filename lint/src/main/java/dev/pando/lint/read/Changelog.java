package dev.pando.lint.read;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A file of Liquibase's, to whose end new changesets are added. */
final class Changelog {
    private static final Pattern MARK = Pattern.compile("(?mi)^(?=[ \\t]*--[ \\t]*changeset\\s)");
    private static final Pattern SHOWN = Pattern.compile("[^\\n]");

    private Changelog() {}

    /** Whether a tool runs a file of that name and text again when it has changed: what it was has run before. */
    static boolean runsAgain(String name, String text) {
        return Format.of(name, text) == Format.LIQUIBASE || name.matches("(?:.*[/\\\\])?R__[^/\\\\]*");
    }

    /** With blanks for each changeset that stands in {@code before} just so; the rest stays where it is. */
    static String since(String before, String text) {
        Set<String> run = new HashSet<>();
        changesets(before).forEach(changeset -> run.add(body(changeset).strip()));
        var left = new StringBuilder();
        boolean first = true;
        for (String part : changesets(text)) {
            String body = body(part);
            boolean known = !first && run.contains(body.strip());
            left.append(known ? SHOWN.matcher(body).replaceAll(" ") + part.substring(body.length()) : part);
            first = false;
        }
        return left.toString();
    }

    /** Without the comments behind its statements, which are about the next one. */
    private static String body(String changeset) {
        int end = 0;
        int at = 0;
        for (String line : changeset.split("(?<=\n)", -1)) {
            at += line.length();
            if (end == 0 || !(line.isBlank() || line.strip().startsWith("--"))) {
                end = at;
            }
        }
        return changeset.substring(0, end);
    }

    /** What stands before the first one, then each. */
    private static List<String> changesets(String text) {
        List<String> parts = new ArrayList<>(List.of(MARK.split(text, -1)));
        if (MARK.matcher(text).lookingAt()) {
            parts.addFirst("");
        }
        return parts;
    }
}
