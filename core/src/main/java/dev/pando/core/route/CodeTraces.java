package dev.pando.core.route;

import dev.pando.core.topology.Trace;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a body in SQL or PL/pgSQL can leave on its connection, told from its words as they come. Where it runs SQL made from text, the
 * literals say what that can be: each piece of SQL must begin in one, and a word in any of them counts. Code whose text comes from
 * elsewhere altogether can leave anything.
 */
final class CodeTraces {
    /** Of a name. Bounded, since a pattern's loops over groups take stack. */
    private static final String PART = "[a-z_][a-z0-9_$]{0,200}+";
    /** What leaves nothing, or what is looked for by a pattern of its own. */
    private static final Pattern UNDERSTOOD = Pattern.compile(
            "\\s*(select|insert|update|delete|with|merge|create|alter|drop|truncate"
                    + "|analyze|vacuum|refresh|grant|revoke|comment|lock|copy|table|values|reindex|cluster|notify|explain|show"
                    + "|listen|prepare|deallocate)\\b.*",
            Pattern.DOTALL);

    private static final Pattern SETS =
            Pattern.compile("(.*;)?\\s*(set|reset)\\b(?!\\s+(local|constraints|transaction)\\b).*", Pattern.DOTALL);
    /** One SET with the whole name of what it sets. */
    private static final Pattern SETS_NAMED = Pattern.compile(
            "\\s*set\\s+(?:session\\s+)?(" + PART + "(?:\\." + PART + "){0,8})(?:\\s*=|\\s+to\\b).*", Pattern.DOTALL);

    private static final Pattern SETS_LOCALLY =
            Pattern.compile("\\s*set\\s+(local|constraints|transaction)\\b.*", Pattern.DOTALL);
    /** One that stands for a letter, and not for white space, a quote, or itself. */
    private static final Pattern ESCAPE = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\[^bfnrt'\"\\\\]");

    private static final Pattern SET = Pattern.compile("\\bset(_config)?\\b");
    /** In a language of which nothing is understood: parameters with names of one's own. */
    private static final Pattern FOREIGN_NAME = Pattern.compile(
            "(?:['\"]|\\bset\\s+(?:session\\s+)?)(" + PART + "(?:\\." + PART + "){1,8})", Pattern.CASE_INSENSITIVE);

    private static final Pattern ANYTHING = Pattern.compile("(.*;)?\\s*(load|do|call|execute)\\b.*", Pattern.DOTALL);
    private static final Pattern LISTENS = Pattern.compile("(.*;)?\\s*listen\\b.*", Pattern.DOTALL);
    private static final Pattern PREPARES = Pattern.compile("(.*;)?\\s*(prepare|deallocate)\\b.*", Pattern.DOTALL);
    private static final Pattern LOCKS = Pattern.compile(".*pg_(try_)?advisory_(un)?lock.*", Pattern.DOTALL);
    private static final Pattern TEMPORARY = Pattern.compile(".*\\b(temp|temporary|pg_temp)\\b.*", Pattern.DOTALL);
    private static final Pattern CURSORS = Pattern.compile(".*\\bhold\\b.*", Pattern.DOTALL);
    private static final Pattern CALL = Pattern.compile("(?<![a-z0-9_$])([a-z_][a-z0-9_$]*+)\\s*+\\(");
    private static final Pattern OWN_NAME = Pattern.compile(PART + "(\\." + PART + "){1,8}", Pattern.CASE_INSENSITIVE);
    private static final int MOST_SETTINGS = 50;
    private static final int LONGEST_NAME = 1_000;

    private final EnumSet<Trace> found = EnumSet.noneOf(Trace.class);
    private final Set<String> settings = new HashSet<>();
    private final Set<String> calls = new HashSet<>();
    private final Set<String> literals = new HashSet<>();
    /** All in their order, for words that are put together from several. */
    private final StringBuilder joined = new StringBuilder();
    /** Literals that could be names of parameters. */
    private final Set<String> names = new HashSet<>();

    private boolean dynamic;
    /** Some literal says something else than its letters do. */
    private boolean illegible;

    private boolean begun;
    /** Reading the name that SET gives, and its parts so far. */
    private boolean naming;

    private String name = "";
    /** Of a set_config() being read: its depth of parentheses, the argument, and the one token that this is. */
    private int depth;

    private int argument;
    private String value = "";
    private boolean single;
    private boolean named;

    /** An unquoted or quoted word, folded; {@code first}: of a command. */
    void word(String word, boolean first) {
        if (naming) {
            named(word);
        }
        if (depth > 0) {
            token(word);
        }
        if (first) {
            switch (word) {
                case "set" -> naming = true;
                case "reset" -> found.add(Trace.SETTINGS);
                case "listen" -> found.add(Trace.LISTENING);
                case "prepare", "deallocate" -> found.add(Trace.PREPARED);
                case "load", "do" -> found.add(Trace.UNSEEN);
                default -> {}
            }
        }
        switch (word) {
            case "temp", "temporary", "pg_temp" -> found.add(Trace.TEMPORARY);
            case "execute" -> dynamic = true;
            default -> {
                if (Traces.ofStatements(word)) {
                    found.add(Trace.PREPARED);
                }
            }
        }
    }

    /** SET LOCAL and the like leave nothing. */
    private void named(String word) {
        if (!name.isEmpty() && !name.endsWith(".")) {
            endName();
            return;
        }
        switch (word) {
            case "local", "constraints", "transaction" -> naming = false;
            case "session" -> {}
            default -> {
                found.add(Trace.SETTINGS);
                if (name.length() > LONGEST_NAME) {
                    naming = false;
                    found.add(Trace.UNSEEN);
                } else {
                    name += word;
                }
            }
        }
    }

    /** A name with an opening parenthesis behind it, which has been read. */
    void call(String function) {
        if (function.equals("set_config")) {
            depth = 1;
            argument = 0;
            value = "";
            single = false;
            named = false;
        } else if (Functions.hiddenSql(function)) {
            dynamic = true;
        } else if (!function.equals("unlisten")) {
            found.addAll(Functions.traces(function));
        }
    }

    void punctuation(String text) {
        if (naming && text.equals(".") && name.length() <= LONGEST_NAME) {
            name += ".";
        } else if (naming) {
            endName();
        }
        if (depth > 0) {
            inCall(text);
        }
    }

    private void endName() {
        naming = false;
        if (name.contains(".")) {
            own(name);
        }
        name = "";
    }

    private void inCall(String text) {
        switch (text) {
            case "(" -> {
                depth++;
                single = false;
            }
            case ")" -> {
                if (--depth == 0 && !(argument == 2 && single && value.equals("true"))) {
                    found.add(Trace.SETTINGS);
                    if (!named) {
                        found.add(Trace.UNSEEN);
                    }
                }
            }
            case "," -> {
                if (depth == 1) {
                    closeArgument();
                    argument++;
                    value = "";
                    single = false;
                }
            }
            default -> token(text);
        }
    }

    private void closeArgument() {
        if (argument == 0 && single && value.startsWith("'")) {
            named = true;
            String plain = value.substring(1);
            if (plain.contains(".")) {
                own(plain);
            }
        }
    }

    private void token(String text) {
        single = value.isEmpty();
        value = single ? text : value;
    }

    private void own(String setting) {
        if (settings.size() < MOST_SETTINGS) {
            settings.add(setting);
        } else {
            found.add(Trace.UNSEEN);
        }
    }

    /** A literal, as far as it is legible; {@code escapes}: whether a backslash means something in it. */
    void literal(String text, boolean escapes) {
        if (depth > 0) {
            token("'" + text);
        }
        String lower = uncommented(text.toLowerCase(Locale.ROOT));
        if (lower.contains("pg_temp")) {
            found.add(Trace.TEMPORARY);
        }
        illegible |= lower.contains("/*")
                || lower.contains("*/")
                || (escapes && ESCAPE.matcher(text).find());
        begun |= UNDERSTOOD.matcher(lower).matches()
                || SETS_LOCALLY.matcher(lower).matches()
                || SETS_NAMED.matcher(lower).matches();
        literals.add(lower);
        joined.append(lower);
        if (OWN_NAME.matcher(text).matches() && settings.size() < MOST_SETTINGS) {
            names.add(text);
        }
    }

    /** With a space in place of each comment. One within another, or without its end, stays for {@link #illegible}. */
    private static String uncommented(String sql) {
        StringBuilder rest = new StringBuilder();
        int at = 0;
        int line = next(sql, "--", 0);
        int block = next(sql, "/*", 0);
        while (line < sql.length() || block < sql.length()) {
            int start = Math.min(line, block);
            int end = start == line ? next(sql, "\n", start) : next(sql, "*/", start) + 2;
            if (end > sql.length()) {
                break;
            }
            rest.append(sql, at, start).append(' ');
            at = end;
            line = line < at ? next(sql, "--", at) : line;
            block = block < at ? next(sql, "/*", at) : block;
        }
        return rest.append(sql, at, sql.length()).toString();
    }

    /** The length when there is none. */
    private static int next(String sql, String mark, int from) {
        int found = sql.indexOf(mark, from);
        return found < 0 ? sql.length() : found;
    }

    /** The whole body of a function in another language. */
    void foreign(String body) {
        if (SET.matcher(body.toLowerCase(Locale.ROOT)).find()) {
            FOREIGN_NAME.matcher(body).results().forEach(name -> own(name.group(1)));
        }
    }

    /** When all has been read. */
    Set<Trace> found() {
        if (!dynamic) {
            return found;
        }
        settings.addAll(names);
        literals.add(joined.toString());
        for (String literal : literals) {
            dynamic(literal);
        }
        return found;
    }

    /** Whether it runs SQL of which nothing is known. Asked after {@link #found}. */
    boolean anything() {
        return dynamic && (illegible || !begun);
    }

    private void dynamic(String literal) {
        Matcher whole = SETS_NAMED.matcher(literal);
        if (whole.matches() && SET.matcher(literal).results().count() == 1) {
            found.add(Trace.SETTINGS);
            if (whole.group(1).contains(".")) {
                own(whole.group(1));
            }
        } else if (literal.contains("set_config") || SETS.matcher(literal).matches()) {
            found.add(Trace.SETTINGS);
            found.add(Trace.UNSEEN);
        }
        when(ANYTHING, literal, Trace.UNSEEN);
        when(LISTENS, literal, Trace.LISTENING);
        when(PREPARES, literal, Trace.PREPARED);
        when(LOCKS, literal, Trace.LOCKS);
        when(TEMPORARY, literal, Trace.TEMPORARY);
        when(CURSORS, literal, Trace.CURSORS);
        CALL.matcher(literal).results().forEach(call -> calls.add(call.group(1)));
    }

    private void when(Pattern pattern, String literal, Trace trace) {
        if (pattern.matcher(literal).matches()) {
            found.add(trace);
        }
    }

    /** Functions that SQL made from text calls. */
    Set<String> calls() {
        return calls;
    }

    Set<String> settings() {
        return settings;
    }
}
