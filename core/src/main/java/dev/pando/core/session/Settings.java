package dev.pando.core.session;

import dev.pando.base.sql.Quote;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The run-time parameters a session has changed, each with the SQL that makes it so. Replayed on a leased connection only where that
 * connection differs. Two layers: what the startup packet asked for, and what SET said since; RESET falls back to the first.
 */
final class Settings {
    private final Map<String, String> startup = new HashMap<>();
    private Map<String, String> current = new HashMap<>();

    void startup(String name, String value) {
        String sql = "SELECT pg_catalog.set_config(" + Quote.literal(name) + ", " + Quote.literal(value) + ", false)";
        startup.put(key(name), sql);
        current.put(key(name), sql);
    }

    /** The SQL of the startup packet's value, which is what RESET falls back to; null when it has none. */
    @Nullable
    String initial(String name) {
        return startup.get(key(name));
    }

    Collection<String> initials() {
        return List.copyOf(startup.values());
    }

    void set(String name, String sql) {
        current.put(key(name), sql);
    }

    void reset(String name) {
        String initial = startup.get(key(name));
        if (initial == null) {
            current.remove(key(name));
        } else {
            current.put(key(name), initial);
        }
    }

    void resetAll() {
        current = new HashMap<>(startup);
    }

    Map<String, String> snapshot() {
        return Map.copyOf(current);
    }

    void restore(Map<String, String> snapshot) {
        current = new HashMap<>(snapshot);
    }

    /** SQL that brings a connection with {@code applied} settings to this session's. Empty in the steady state. */
    List<String> difference(Map<String, String> applied) {
        if (applied.equals(current)) {
            return List.of();
        }
        List<String> sql = new ArrayList<>();
        applied.forEach((name, value) -> {
            if (!current.containsKey(name)) {
                sql.add(resetSql(name));
            }
        });
        current.forEach((name, value) -> {
            if (!value.equals(applied.get(name))) {
                sql.add(value);
            }
        });
        return sql;
    }

    void markApplied(Map<String, String> applied) {
        applied.clear();
        applied.putAll(current);
    }

    private static String resetSql(String name) {
        return switch (name) {
            case "session characteristics" ->
                "RESET default_transaction_isolation; RESET default_transaction_read_only; "
                        + "RESET default_transaction_deferrable";
            case "session_authorization" -> "RESET SESSION AUTHORIZATION";
            default -> "RESET " + Quote.identifier(name);
        };
    }

    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
