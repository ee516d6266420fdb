package dev.pando.base.error;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes {@code docs/errors.md} from the catalogue. */
final class ErrorManual {
    private static final Map<String, String> CHAPTERS = new TreeMap<>(Map.of(
            "PD1", "Protocol and login",
            "PD2", "Capacity",
            "PD3", "Routing and merging",
            "PD4", "Transactions",
            "PD5", "Servers behind Pando",
            "PD6", "Distribution of tables",
            "PD7", "Configuration",
            "PD8", "Fleets, files and pando bench",
            "PD9", "Bugs"));

    private static final String HEAD = """
            # Errors

            Every error that Pando itself raises. Errors of PostgreSQL are passed on as they are. A client gets the id at the end of the
            message, in parentheses, the SQLSTATE where PostgreSQL's clients look for it, and the way out as HINT; commands print the same on
            standard error and exit with 1. `%s` stands for the particulars of the case. This page is made from the code (`PandoError`) and
            held to it by a test.

            What the kinds mean:

            """;

    private ErrorManual() {}

    static String text() {
        StringBuilder text = new StringBuilder(HEAD);
        for (ErrorKind kind : ErrorKind.values()) {
            text.append("- **")
                    .append(word(kind))
                    .append("**: ")
                    .append(meaning(kind))
                    .append('\n');
        }
        CHAPTERS.forEach((prefix, title) -> {
            text.append("\n## ").append(prefix).append("xxx: ").append(title).append('\n');
            errors(prefix).forEach(error -> entry(error, text));
        });
        return text.toString();
    }

    private static List<PandoError> errors(String prefix) {
        return Arrays.stream(PandoError.values())
                .filter(error -> error.id().startsWith(prefix))
                .sorted(Comparator.comparing(PandoError::id))
                .toList();
    }

    private static void entry(PandoError error, StringBuilder text) {
        text.append("\n### ")
                .append(error.id())
                .append(' ')
                .append(words(error))
                .append("\n\n");
        text.append("`").append(error.text()).append("`\n\n");
        text.append("SQLSTATE `")
                .append(error.sqlState())
                .append("`, kind ")
                .append(word(error.kind()))
                .append(". Way out: ")
                .append(error.remedy())
                .append('\n');
    }

    private static String words(PandoError error) {
        return error.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    private static String word(ErrorKind kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static String meaning(ErrorKind kind) {
        return switch (kind) {
            case CLIENT ->
                "the client sent something wrong, or something Pando refuses by design; the same again fails again.";
            case BACKEND -> "a server behind Pando failed or could not be reached.";
            case CAPACITY -> "a limit was reached; the same later may work.";
            case OPERATOR -> "the configuration or the state of the fleet has to be changed by its operator.";
            case BUG -> "Pando itself is wrong.";
        };
    }

    /** Ids that no chapter covers. */
    static List<String> homeless() {
        return Arrays.stream(PandoError.values())
                .map(PandoError::id)
                .filter(id -> CHAPTERS.keySet().stream().noneMatch(id::startsWith))
                .collect(Collectors.toList());
    }
}
