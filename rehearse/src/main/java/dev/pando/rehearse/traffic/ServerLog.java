package dev.pando.rehearse.traffic;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads PostgreSQL's logs in the formats csvlog and jsonlog (manual, 19.8): what {@code log_statement} and {@code
 * log_min_duration_statement} write of statements, with the values of their parameters.
 */
final class ServerLog {
    private static final int MOST_STATEMENTS = 1_000_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");
    private static final Pattern STATEMENT = Pattern.compile(
            "(?:duration: (\\d+(?:\\.\\d+)?) ms  )?(?:statement|execute (?!fetch from)[^:]*): (.*)", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d{1,5}) = (?:NULL|'((?:[^']++|'')*+)')");
    /** Its data is not in the log. */
    private static final Pattern COPY = Pattern.compile("(?is)copy\\b.*\\b(?:from\\s+stdin|to\\s+stdout)\\b.*");

    private static final int CSV_DATABASE = 2;
    private static final int CSV_SESSION = 5;
    private static final int CSV_SEVERITY = 11;
    private static final int CSV_MESSAGE = 13;
    private static final int CSV_DETAIL = 14;

    private final String name;
    private final List<Logged> statements = new ArrayList<>();

    private ServerLog(String name) {
        this.name = name;
    }

    /** Statements of the database that has most of them, in the order in which they began. */
    static List<Logged> csv(String name, String text) {
        var log = new ServerLog(name);
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            fields.clear();
            at = record(text, at, fields);
            if (fields.size() > CSV_DETAIL) {
                log.line(
                        fields.getFirst(),
                        fields.get(CSV_DATABASE),
                        fields.get(CSV_SESSION),
                        fields.get(CSV_SEVERITY),
                        fields.get(CSV_MESSAGE),
                        fields.get(CSV_DETAIL));
            }
        }
        return log.ordered();
    }

    /** The same of a log whose lines are JSON. */
    static List<Logged> json(String name, String text) {
        var log = new ServerLog(name);
        JsonMapper mapper = JsonMapper.builder().build();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            try {
                JsonNode node = mapper.readTree(line);
                log.line(
                        node.path("timestamp").asString(""),
                        node.path("dbname").asString(""),
                        node.path("session_id").asString(""),
                        node.path("error_severity").asString(""),
                        node.path("message").asString(""),
                        node.path("detail").asString(""));
            } catch (JacksonException e) {
                throw PandoException.causedBy(
                        e, PandoError.REHEARSE_INPUT, name, "a line is no JSON: " + e.getOriginalMessage());
            }
        });
        return log.ordered();
    }

    /** Reads the record of CSV that begins at {@code from}; answers where the next one does. */
    private static int record(String text, int from, List<String> fields) {
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (quoted) {
                boolean doubled = c == '"' && at < text.length() && text.charAt(at) == '"';
                quoted = c != '"' || doubled;
                at += doubled ? 1 : 0;
                if (quoted) {
                    field.append(c);
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',' || c == '\n') {
                fields.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    return at;
                }
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return at;
    }

    private void line(String time, String database, String session, String severity, String message, String detail) {
        Matcher matcher = STATEMENT.matcher(message);
        if (!severity.equals("LOG")
                || !matcher.matches()
                || COPY.matcher(matcher.group(2)).matches()) {
            return;
        }
        if (statements.size() == MOST_STATEMENTS) {
            throw new PandoException(
                    PandoError.REHEARSE_INPUT, name, "it has more than " + MOST_STATEMENTS + " statements");
        }
        long logged = millis(time);
        String duration = matcher.group(1);
        long took = duration == null ? 0 : Math.round(Double.parseDouble(duration));
        // With its duration a statement is logged when it has ended.
        statements.add(new Logged(
                database, session, logged - took, logged, filled(Objects.requireNonNull(matcher.group(2)), detail)));
    }

    private long millis(String time) {
        if (time.length() < 23) {
            throw new PandoException(PandoError.REHEARSE_INPUT, name, "'" + time + "' is no time of a log");
        }
        try {
            // The zone is left out: what counts is the time between two statements.
            return LocalDateTime.parse(time.substring(0, 23), TIME)
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli();
        } catch (DateTimeParseException e) {
            throw PandoException.causedBy(e, PandoError.REHEARSE_INPUT, name, "'" + time + "' is no time of a log");
        }
    }

    /** With the values of its parameters in place of {@code $1}. */
    private static String filled(String sql, String detail) {
        Map<String, @Nullable String> values = new HashMap<>();
        Matcher parameter = PARAMETER.matcher(detail);
        while (parameter.find()) {
            String value = parameter.group(2);
            values.put(parameter.group(1), value == null ? "NULL" : Quote.literal(value.replace("''", "'")));
        }
        if (values.isEmpty()) {
            return sql;
        }
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        SqlLexer lexer = new SqlLexer();
        lexer.reset(bytes, 0, bytes.length);
        StringBuilder text = new StringBuilder();
        int copied = 0;
        for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
            if (token == Token.PARAMETER) {
                String value = values.get(text(bytes, lexer.start() + 1, lexer.end()));
                if (value != null) {
                    text.append(text(bytes, copied, lexer.start())).append(value);
                    copied = lexer.end();
                }
            }
        }
        return text.append(text(bytes, copied, bytes.length)).toString();
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private List<Logged> ordered() {
        Map<String, Long> databases =
                statements.stream().collect(Collectors.groupingBy(Logged::database, Collectors.counting()));
        String most = databases.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new PandoException(
                        PandoError.REHEARSE_INPUT,
                        name,
                        "it has no statement: log them with log_min_duration_statement = 0"));
        long first = statements.stream().mapToLong(Logged::begun).min().orElse(0);
        return statements.stream()
                .filter(statement -> statement.database().equals(most))
                .map(statement -> new Logged(
                        most,
                        statement.session(),
                        statement.begun() - first,
                        statement.ended() - first,
                        statement.sql()))
                .sorted(Comparator.comparingLong(Logged::begun))
                .toList();
    }
}
