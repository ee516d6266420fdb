package dev.pando.server.admin;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What drivers, pools and monitoring send to any PostgreSQL without being asked: settings, transactions around everything, a probe for life.
 * There is nothing here that a transaction or a setting could change, so the right answer is the one that lets them go on. Anything that would
 * look at data is not answered: a wrong row would be worse than an error.
 */
final class DriverTalk {
    /** Statement without effect → its command tag. Several statements in one text are not taken for one. */
    private static final Map<Pattern, String> WITHOUT_EFFECT = Map.of(
            Pattern.compile("(BEGIN|START TRANSACTION)( [A-Z ,]+)?"), "BEGIN",
            Pattern.compile("(COMMIT|END)( WORK| TRANSACTION)?"), "COMMIT",
            Pattern.compile("(ROLLBACK|ABORT)( WORK| TRANSACTION)?"), "ROLLBACK",
            Pattern.compile("SET [^;]+"), "SET",
            Pattern.compile("RESET [^;]+"), "RESET",
            Pattern.compile("DISCARD ALL"), "DISCARD ALL",
            Pattern.compile("DEALLOCATE [^;]+"), "DEALLOCATE",
            Pattern.compile("UNLISTEN [^;]+"), "UNLISTEN",
            Pattern.compile("CLOSE ALL"), "CLOSE CURSOR ALL");

    private final Map<String, String> settings;
    private final String version;

    DriverTalk(String version) {
        this.version = "Pando " + version + " admin database";
        settings = Map.ofEntries(
                Map.entry("SERVER_VERSION", "18.0 (Pando " + version + ")"),
                Map.entry("SERVER_VERSION_NUM", "180000"),
                Map.entry("SERVER_ENCODING", "UTF8"),
                Map.entry("CLIENT_ENCODING", "UTF8"),
                Map.entry("STANDARD_CONFORMING_STRINGS", "on"),
                Map.entry("INTEGER_DATETIMES", "on"),
                Map.entry("DATESTYLE", "ISO, MDY"),
                Map.entry("TIMEZONE", "UTC"),
                Map.entry("SEARCH_PATH", "public"),
                Map.entry("MAX_IDENTIFIER_LENGTH", "63"),
                Map.entry("IN_HOT_STANDBY", "off"),
                Map.entry("TRANSACTION_READ_ONLY", "off"),
                Map.entry("DEFAULT_TRANSACTION_READ_ONLY", "off"),
                Map.entry("TRANSACTION_ISOLATION", "read committed"),
                Map.entry("TRANSACTION ISOLATION LEVEL", "read committed"));
    }

    /** Null for what drivers have no business to ask. */
    @Nullable
    AdminResult answer(String words) {
        if (words.isEmpty()) {
            return AdminResult.tag("");
        }
        for (Map.Entry<Pattern, String> known : WITHOUT_EFFECT.entrySet()) {
            if (known.getKey().matcher(words).matches()) {
                return AdminResult.tag(known.getValue());
            }
        }
        String setting = words.startsWith("SHOW ") ? settings.get(words.substring("SHOW ".length())) : null;
        if (setting != null) {
            return AdminResult.one(words.substring("SHOW ".length()).toLowerCase(Locale.ROOT), setting);
        }
        return switch (words) {
            case "SELECT 1" -> selected("?column?", "1");
            case "SELECT VERSION()", "SELECT PG_CATALOG.VERSION()" -> selected("version", version);
            case "SELECT CURRENT_DATABASE()" -> selected("current_database", "pando");
            case "SELECT CURRENT_SCHEMA()", "SELECT CURRENT_SCHEMA" -> selected("current_schema", "public");
            case "SELECT PG_IS_IN_RECOVERY()" -> selected("pg_is_in_recovery", "f");
            default -> null;
        };
    }

    private static AdminResult selected(String column, String value) {
        return new AdminResult(List.of(column), Set.of(), List.of(List.of(value)), "SELECT 1", List.of());
    }
}
