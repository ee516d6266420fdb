package dev.pando.core.route;

import dev.pando.base.sql.Identifier;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import dev.pando.core.topology.HiddenCode.Reach;
import dev.pando.core.topology.Trace;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the body of a function in SQL or PL/pgSQL mentions, word by word. Nothing is understood: a word may be a variable and is still taken
 * for the table of that name. Only the fields of {@code NEW} and {@code OLD} are known to be none. So a body can be called worse than it is,
 * never better: what it reads or calls must be named in it, unless it runs SQL made from text, and then it is {@code opaque}.
 *
 * @param words names that may be relations or types
 * @param calls names with an opening parenthesis after them, or a dot before
 * @param opaque runs SQL made from text, changes the schema, the session or its locks
 * @param home uses what only one server has: sequences, notifications, transaction locks
 * @param varies asks for the time, for chance, or for anything else that differs between servers
 * @param writes may change rows
 * @param traces what it is seen to leave on its connection
 * @param anything whether it can leave anything besides: it is in another language, or runs SQL whose text comes from elsewhere
 * @param settings parameters with names of the database's own that it may change
 */
public record CodeText(
        Set<String> words,
        Set<String> calls,
        Set<String> operators,
        boolean opaque,
        boolean home,
        boolean varies,
        boolean writes,
        Set<Trace> traces,
        boolean anything,
        Set<String> settings) {
    private static final Set<String> OPAQUE = Set.of("execute", "create", "alter", "drop", "copy");

    /** Commands that reach beyond rows; elsewhere their words are harmless: {@code UPDATE … SET}. */
    private static final Set<String> OPAQUE_COMMANDS = Set.of(
            "set",
            "reset",
            "discard",
            "listen",
            "unlisten",
            "load",
            "prepare",
            "deallocate",
            "grant",
            "revoke",
            "comment",
            "refresh",
            "reindex",
            "vacuum",
            "cluster",
            "analyze",
            "import",
            "reassign",
            "security",
            "do",
            "commit",
            "rollback");

    private static final Set<String> BEFORE_COMMANDS = Set.of("begin", "then", "else", "loop", "atomic");
    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "merge", "truncate", "lock");
    private static final Set<String> CLOCK =
            Set.of("current_timestamp", "current_time", "current_date", "localtime", "localtimestamp");
    private static final Pattern CLOCK_WORD =
            Pattern.compile("'\\s*(now|today|tomorrow|yesterday)\\b.*", Pattern.DOTALL);
    private static final Set<String> ROWS = Set.of("new", "old");

    /** Changed by UPDATE, which sets the session's value. */
    static final String SETTINGS = "pg_settings";

    public CodeText {
        words = Set.copyOf(words);
        calls = Set.copyOf(calls);
        operators = Set.copyOf(operators);
        traces = Set.copyOf(traces);
        settings = Set.copyOf(settings);
    }

    public static CodeText of(String body) {
        Reader reader = new Reader(body);
        reader.read();
        return reader.text();
    }

    /** A body in another language: it may do anything, and all that is told of it is what parameters it names. */
    public static CodeText foreign(String body) {
        CodeTraces traces = new CodeTraces();
        traces.foreign(body);
        return new CodeText(
                Set.of(), Set.of(), Set.of(), true, true, true, true, traces.found(), true, traces.settings());
    }

    /** What it can leave on its connection, at worst. */
    public Set<Trace> left() {
        return anything ? EnumSet.allOf(Trace.class) : traces;
    }

    /** What a call of a function of PostgreSQL's own, that no statement shows, can leave on the connection. */
    public static Set<Trace> builtInTraces(String name) {
        return Functions.traces(name);
    }

    /**
     * How far a call of a function of PostgreSQL's own reaches that no statement shows.
     *
     * @param query whether it stands in a query, such as a view's, and not in an expression for one row. A row takes its number from a
     *     sequence wherever it is stored
     */
    public static Reach builtIn(String name, boolean query) {
        if (Functions.opaque(name)) {
            return Reach.FAR;
        }
        boolean home = query ? Functions.home(name) : Functions.onlyHome(name) && !name.equals("nextval");
        return home ? Reach.HOME : Reach.NONE;
    }

    private static final class Reader {
        private final byte[] body;
        private final SqlLexer lexer = new SqlLexer();
        private final Set<String> words = new HashSet<>();
        private final Set<String> calls = new HashSet<>();
        private final Set<String> operators = new HashSet<>();
        private final CodeTraces traces = new CodeTraces();
        private boolean opaque;
        private boolean varies;
        private boolean unread;
        private String name = "";
        private boolean nameStarts;
        private String before = ";";
        private String beforeThat = "";

        Reader(String text) {
            body = text.getBytes(StandardCharsets.UTF_8);
        }

        void read() {
            lexer.reset(body, 0, body.length);
            for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
                String text = new String(body, lexer.start(), lexer.end() - lexer.start(), StandardCharsets.UTF_8);
                take(token, text);
            }
            flush(false);
        }

        private void take(Token token, String text) {
            switch (token) {
                case IDENTIFIER -> word(Identifier.folded(text), true);
                case QUOTED_IDENTIFIER ->
                    word(Identifier.cut(text.substring(1, text.length() - 1).replace("\"\"", "\"")), false);
                case STRING, ESCAPE_STRING -> {
                    flush(false);
                    traces.literal(content(text), token == Token.ESCAPE_STRING);
                    varies |= CLOCK_WORD.matcher(text.toLowerCase(Locale.ROOT)).find();
                    passed("'");
                }
                case DOLLAR_STRING -> {
                    flush(false);
                    traces.literal(content(text), false);
                    passed("'");
                }
                case OPERATOR -> {
                    operators.add(text);
                    passed(text);
                }
                case UNICODE_IDENTIFIER, UNICODE_STRING, BROKEN, UNKNOWN -> {
                    unread |= token == Token.UNICODE_IDENTIFIER || token == Token.BROKEN;
                    if (token == Token.UNICODE_STRING) {
                        traces.literal(content(text), true);
                    }
                    opaque |= unread;
                    passed(text);
                }
                case INTEGER, DECIMAL, BIT_STRING, HEX_STRING, NATIONAL, PARAMETER, CAST, PUNCTUATION, SEMICOLON, END ->
                    passed(text);
            }
        }

        /** Between the quotes, whatever these are. */
        private static String content(String literal) {
            int start = literal.startsWith("$") ? literal.indexOf('$', 1) + 1 : literal.indexOf('\'') + 1;
            int end = literal.length() - (literal.startsWith("$") ? start : 1);
            return start <= end ? literal.substring(start, end) : "";
        }

        private void word(String word, boolean keyword) {
            boolean first = before.equals(";") || before.equals(">>") || BEFORE_COMMANDS.contains(before);
            boolean field = before.equals(".") && ROWS.contains(beforeThat);
            flush(false);
            beforeThat = before;
            before = word;
            if (field) {
                return;
            }
            name = word;
            nameStarts = beforeThat.equals(".");
            traces.word(word, keyword && first);
            opaque |= keyword && (OPAQUE.contains(word) || (first && OPAQUE_COMMANDS.contains(word)));
            varies |= keyword && CLOCK.contains(word);
        }

        private void passed(String text) {
            if (!text.equals("'")) {
                traces.punctuation(text);
            }
            flush(text.equals("("));
            beforeThat = before;
            before = text;
        }

        /** The last name, now that what follows it is known. */
        private void flush(boolean called) {
            if (!name.isEmpty()) {
                words.add(name);
                if (called || nameStarts) {
                    calls.add(name);
                }
                if (called) {
                    traces.call(name);
                }
                name = "";
            }
        }

        CodeText text() {
            boolean hidden = calls.stream().anyMatch(Functions::opaque)
                    || (words.contains(SETTINGS) && words.contains("update"));
            Set<Trace> left = EnumSet.noneOf(Trace.class);
            left.addAll(traces.found());
            if (words.contains(SETTINGS) && words.contains("update")) {
                left.add(Trace.SETTINGS);
            }
            calls.addAll(traces.calls());
            boolean differs = calls.stream().anyMatch(Functions::varies);
            return new CodeText(
                    words,
                    calls,
                    operators,
                    opaque || hidden,
                    calls.stream().anyMatch(Functions::home) || words.contains("notify"),
                    varies || differs,
                    words.stream().anyMatch(WRITES::contains),
                    left,
                    unread || traces.anything(),
                    traces.settings());
        }
    }
}
