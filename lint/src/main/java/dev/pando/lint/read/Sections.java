package dev.pando.lint.read;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which parts of a file its tool runs when it migrates forwards, and whether in a transaction: told from marks in comments. */
final class Sections {
    private static final Pattern GOOSE = Pattern.compile("--\\s*\\+goose\\s+(.*?)\\s*");
    private static final Pattern DBMATE = Pattern.compile("--\\s*migrate:(up|down)\\b(.*)");
    private static final Pattern CHANGESET = Pattern.compile("--\\s*changeset\\s+(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NODE =
            Pattern.compile("--[\\s-]*(up|down)\\s+migration\\b.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern NODE_NO_TRANSACTION =
            Pattern.compile("--[\\s-]*no\\s*transaction\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern ATLAS_NONE = Pattern.compile("(?m)^--\\s*atlas:txmode\\s+none\\b");
    private static final Pattern NO_TRANSACTION = Pattern.compile("\\A--\\s*no-transaction\\b");
    private static final Pattern FLYWAY_SETTING =
            Pattern.compile("(?m)^\\s*(?:--\\s*)?(?:flyway[.:]\\s*)?executeInTransaction\\s*=\\s*(true|false)\\b");
    private static final Pattern END_DELIMITER =
            Pattern.compile("endDelimiter:(?:\"([^\"]*)\"|(\\S+))", Pattern.CASE_INSENSITIVE);

    private final String text;
    private final int length;
    private final List<Section> found = new ArrayList<>();

    /** Of the section that is being read; start is -1 where nothing is run. */
    private int start = -1;

    private boolean inTransaction = true;
    private String delimiter = Section.SEMICOLON;

    private Sections(String text) {
        this.text = text;
        length = text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** {@code settings} is the text of the settings file beside the migration, empty when there is none. */
    static List<Section> of(Format format, String text, String settings) {
        var sections = new Sections(text);
        return switch (format) {
            case PLAIN -> List.of(Section.of(0, sections.length, false));
            case GOLANG_MIGRATE, PRISMA, DRIZZLE -> List.of(Section.of(0, sections.length, true));
            case ATLAS ->
                List.of(Section.of(0, sections.length, !ATLAS_NONE.matcher(text).find()));
            case SQLX ->
                List.of(Section.of(
                        0, sections.length, !NO_TRANSACTION.matcher(text).lookingAt()));
            case FLYWAY -> List.of(Section.of(0, sections.length, flywayTransaction(text + "\n" + settings)));
            case GOOSE -> sections.lines(sections::goose);
            case DBMATE -> sections.lines(sections::dbmate);
            case LIQUIBASE -> sections.lines(sections::liquibase);
            case NODE_PG_MIGRATE -> sections.lines(sections::nodePgMigrate);
        };
    }

    private static boolean flywayTransaction(String text) {
        Matcher setting = FLYWAY_SETTING.matcher(text);
        boolean transaction = true;
        while (setting.find()) {
            transaction = setting.group(1).equals("true");
        }
        return transaction;
    }

    private interface LineReader {
        void line(String line, int from, int to);
    }

    private List<Section> lines(LineReader reader) {
        int at = 0;
        for (String line : text.split("(?<=\n)", -1)) {
            int next = at + line.getBytes(StandardCharsets.UTF_8).length;
            reader.line(line.strip(), at, next);
            at = next;
        }
        close(length);
        return found;
    }

    private void close(int end) {
        if (start >= 0 && end > start) {
            found.add(new Section(start, end, inTransaction, delimiter));
        }
        start = -1;
    }

    private void goose(String line, int from, int to) {
        Matcher mark = GOOSE.matcher(line);
        if (!mark.matches()) {
            return;
        }
        switch (mark.group(1)) {
            case "Up" -> {
                close(from);
                start = to;
            }
            case "Down" -> close(from);
            case "NO TRANSACTION" -> {
                inTransaction = false;
                found.replaceAll(section -> Section.of(section.start(), section.end(), false));
            }
            default -> {
                // StatementBegin and the like: the lexer knows where a statement ends
            }
        }
    }

    private void dbmate(String line, int from, int to) {
        Matcher mark = DBMATE.matcher(line);
        if (mark.matches()) {
            close(from);
            inTransaction = !mark.group(2).contains("transaction:false");
            start = mark.group(1).equals("up") ? to : -1;
        }
    }

    private void nodePgMigrate(String line, int from, int to) {
        inTransaction &= !NODE_NO_TRANSACTION.matcher(line).lookingAt();
        Matcher mark = NODE.matcher(line);
        if (mark.matches()) {
            close(from);
            start = mark.group(1).equalsIgnoreCase("up") ? to : -1;
        }
    }

    private void liquibase(String line, int from, int to) {
        Matcher mark = CHANGESET.matcher(line);
        if (!mark.matches()) {
            return;
        }
        close(from);
        String attributes = mark.group(1);
        inTransaction = !attributes.toLowerCase(java.util.Locale.ROOT).contains("runintransaction:false");
        Matcher end = END_DELIMITER.matcher(attributes);
        delimiter = end.find() ? end.group(1) != null ? end.group(1) : end.group(2) : Section.SEMICOLON;
        start = to;
    }
}
