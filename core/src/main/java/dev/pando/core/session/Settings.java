package dev.pando.core.session;

import dev.pando.base.sql.Quote;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The run-time parameters a session has changed, each with the SQL that makes it so. Replayed on a leased connection only where that
 * connection differs. Two layers: what the startup packet asked for, and what SET said since; RESET falls back to the first.
 */
final class Settings {
    private static final List<String> LEVELS =
            List.of("serializable", "repeatable read", "read committed", "read uncommitted");

    private static final String AUTHORIZATION = "session_authorization";
    private static final String ROLE = "role";

    /** What literals and casts of a statement are read by when the server analyses or plans it, apart from search_path. */
    private static final List<String> READ_BY = List.of(
            "array_nulls",
            "bytea_output",
            "datestyle",
            "extra_float_digits",
            "intervalstyle",
            "lc_monetary",
            "role",
            "session_authorization",
            "timezone",
            "timezone_abbreviations",
            "transform_null_equals",
            "xmlbinary",
            "xmloption");

    /** A parameter as the startup packet has it. */
    private record Given(String name, String value) {
        String sql(boolean local) {
            return Settings.sql(name, value, local);
        }
    }

    private final Map<String, Given> startup = new HashMap<>(4);

    private Map<String, String> current = new HashMap<>(4);
    /** The same as nobody can change it; null when it has changed since somebody asked. */
    private @Nullable Map<String, String> snapshot;

    /** SET LOCAL of those above by this transaction, and what was done to them since; empty without SET LOCAL. */
    private String readLocally = "";

    private @Nullable String readBy;

    void startup(String name, String value) {
        Given given = new Given(name, value);
        startup.put(key(name), given);
        current.put(key(name), given.sql(false));
        snapshot = null;
        readBy = null;
    }

    /** What made the parameter what it is for the session; null when that is the server's default. */
    @Nullable
    String sqlOf(String name) {
        return current.get(key(name));
    }

    /** What gives the parameter that value. */
    static String sql(String name, String value) {
        return sql(name, value, false);
    }

    private static String sql(String name, String value, boolean local) {
        return "SELECT pg_catalog.set_config(" + Quote.literal(name) + ", " + Quote.literal(value) + ", " + local + ")";
    }

    /** The SQL of the startup packet's value, which is what RESET falls back to; null when it has none. */
    @Nullable
    String initial(String name) {
        Given given = startup.get(key(name));
        return given == null ? null : given.sql(false);
    }

    /** The SQL that gives the transaction the startup packet's value; null when it has none. */
    @Nullable
    String initialLocally(String name) {
        Given given = startup.get(key(name));
        return given == null ? null : given.sql(true);
    }

    Collection<String> initials() {
        return List.copyOf(initially().values());
    }

    /** What the startup packet has asked for, each with its SQL. */
    private Map<String, String> initially() {
        Map<String, String> all = new HashMap<>();
        startup.forEach((key, given) -> all.put(key, given.sql(false)));
        return all;
    }

    void set(String name, String sql) {
        if (key(name).equals(AUTHORIZATION)) {
            // It takes the role back.
            current.remove(ROLE);
        }
        current.put(key(name), sql);
        changed(key(name), sql);
    }

    /** What SET LOCAL said no longer holds where SET or RESET came behind it: the order tells the sense, too. */
    private void changed(String key, String sql) {
        if (!readLocally.isEmpty() && READ_BY.contains(key)) {
            readLocally += sql + "\n";
        }
        snapshot = null;
        readBy = null;
    }

    /** Until the transaction ends. */
    void setLocally(String name, String sql) {
        if (READ_BY.contains(key(name))) {
            readLocally += sql + "\n";
            readBy = null;
        }
    }

    /** What SET LOCAL has done so far, for {@link #restoreLocal}. */
    String local() {
        return readLocally;
    }

    /** ROLLBACK TO a savepoint undoes SET LOCAL, too. */
    void restoreLocal(String before) {
        readLocally = before;
        readBy = null;
    }

    void transactionEnded() {
        if (!readLocally.isEmpty()) {
            readLocally = "";
            readBy = null;
        }
    }

    /**
     * The settings that tell in what sense a server has prepared a statement: a prepared statement is shared only by sessions in which this is
     * the same. The same object as long as nothing changes.
     */
    String readBy() {
        String known = readBy;
        if (known == null) {
            StringBuilder all = new StringBuilder();
            for (String name : READ_BY) {
                String sql = current.get(name);
                if (sql != null) {
                    all.append(sql).append('\n');
                }
            }
            known = all.append(readLocally).toString();
            readBy = known;
        }
        return known;
    }

    /** What SET SESSION CHARACTERISTICS AS TRANSACTION stands for: parameters of their own, each with its SQL. */
    static Map<String, String> characteristics(String sql) {
        String words = " " + words(sql) + " ";
        Map<String, String> meant = new HashMap<>();
        String level = isolationIn(words);
        if (level != null) {
            put(meant, "isolation", "'" + level + "'");
        }
        if (words.contains(" read only ")) {
            put(meant, "read_only", "on");
        } else if (words.contains(" read write ")) {
            put(meant, "read_only", "off");
        }
        if (words.contains(" deferrable ")) {
            put(meant, "deferrable", words.contains(" not deferrable ") ? "off" : "on");
        }
        return meant;
    }

    private static void put(Map<String, String> meant, String name, String value) {
        String key = "default_transaction_" + name;
        meant.put(key, "SET " + key + " = " + value);
    }

    /** Lower case, commas left out. */
    private static String words(String sql) {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        SqlLexer lexer = new SqlLexer();
        lexer.reset(bytes, 0, bytes.length);
        StringBuilder words = new StringBuilder();
        for (Token token = lexer.next(); token != Token.END && token != Token.BROKEN; token = lexer.next()) {
            if (lexer.first() != ',') {
                words.append(words.isEmpty() ? "" : " ")
                        .append(new String(bytes, lexer.start(), lexer.end() - lexer.start(), StandardCharsets.UTF_8));
            }
        }
        return words.toString().toLowerCase(Locale.ROOT);
    }

    /** The isolation level that a SET names, null if it names none. */
    static @Nullable String isolationIn(String sql) {
        String text = sql.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
        return LEVELS.stream().filter(text::contains).findFirst().orElse(null);
    }

    /** Of a transaction that names none itself; null for the server's own default. */
    @Nullable
    String isolation() {
        String sql = current.get("default_transaction_isolation");
        return sql == null ? null : isolationIn(sql);
    }

    void reset(String name) {
        if (key(name).equals(AUTHORIZATION)) {
            current.remove(ROLE);
        }
        String initial = initial(name);
        if (initial == null) {
            current.remove(key(name));
        } else {
            current.put(key(name), initial);
        }
        changed(key(name), "RESET " + key(name));
    }

    void resetAll() {
        current = initially();
        readLocally += readLocally.isEmpty() ? "" : "RESET ALL\n";
        snapshot = null;
        readBy = null;
    }

    /** The same object as long as nothing changes. */
    Map<String, String> snapshot() {
        Map<String, String> known = snapshot;
        if (known == null) {
            known = Map.copyOf(current);
            snapshot = known;
        }
        return known;
    }

    void restore(Map<String, String> before) {
        current = new HashMap<>(before);
        snapshot = null;
        readBy = null;
    }

    /** Code has left these settings on a connection: what it has RESET falls back to the startup packet's value. */
    void restoreLeft(Map<String, String> left, Predicate<String> shown) {
        restore(left);
        initially().forEach((name, sql) -> {
            if (shown.test(name)) {
                current.putIfAbsent(name, sql);
            }
        });
        snapshot = null;
    }

    /** SQL that brings a connection with {@code applied} settings to this session's. Empty in the steady state. */
    List<String> difference(Map<String, String> applied) {
        return difference(current, applied);
    }

    /** SQL that brings a connection with {@code applied} settings to {@code wanted} ones. */
    static List<String> difference(Map<String, String> wanted, Map<String, String> applied) {
        if (applied.equals(wanted)) {
            return List.of();
        }
        List<String> sql = new ArrayList<>();
        Map<String, String> there = new HashMap<>(applied);
        boolean othersDiffer = !withoutIdentity(applied).equals(withoutIdentity(wanted));
        if (!Objects.equals(wanted.get(AUTHORIZATION), applied.get(AUTHORIZATION))
                || (othersDiffer && applied.containsKey(AUTHORIZATION))) {
            // First, and as nobody else: who one may become depends on who one is, and it takes the role back.
            sql.add(resetSql(AUTHORIZATION));
            there.remove(AUTHORIZATION);
            there.remove(ROLE);
        } else if (othersDiffer && applied.containsKey(ROLE)) {
            sql.add(resetSql(ROLE));
            there.remove(ROLE);
        }
        // As who has logged in: whom one becomes may not be allowed what was set before, nor to take it back.
        bring(withoutIdentity(there), withoutIdentity(wanted), sql);
        bring(only(AUTHORIZATION, there), only(AUTHORIZATION, wanted), sql);
        bring(only(ROLE, there), only(ROLE, wanted), sql);
        return sql;
    }

    private static Map<String, String> withoutIdentity(Map<String, String> settings) {
        Map<String, String> others = new HashMap<>(settings);
        others.remove(AUTHORIZATION);
        others.remove(ROLE);
        return others;
    }

    private static Map<String, String> only(String name, Map<String, String> settings) {
        String sql = settings.get(name);
        return sql == null ? Map.of() : Map.of(name, sql);
    }

    private static void bring(Map<String, String> applied, Map<String, String> wanted, List<String> sql) {
        // In one order always, so that a simulated run repeats.
        new TreeMap<>(applied).forEach((name, value) -> {
            if (!wanted.containsKey(name)) {
                sql.add(resetSql(name));
            }
        });
        new TreeMap<>(wanted).forEach((name, value) -> {
            if (!value.equals(applied.get(name))) {
                if (name.equals(DateStyle.KEY) && applied.containsKey(name)) {
                    // What it says may be a half: the other is the server's own, not that of whoever was here.
                    sql.add(resetSql(name));
                }
                sql.add(value);
            }
        });
    }

    void markApplied(Map<String, String> applied) {
        applied.clear();
        applied.putAll(current);
    }

    private static String resetSql(String name) {
        return switch (name) {
            case AUTHORIZATION -> "RESET SESSION AUTHORIZATION";
            default -> "RESET " + Quote.identifier(name);
        };
    }

    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
