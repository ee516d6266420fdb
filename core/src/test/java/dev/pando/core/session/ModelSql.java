package dev.pando.core.session;

import dev.pando.base.wire.Field;
import dev.pando.base.wire.RowDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The few statements that the model server understands. A statement it does not know ends the simulation. */
final class ModelSql {
    private static final String VALUE = "('[^']*'|\\$\\d+|-?\\d+)";
    private static final Pattern ROW = Pattern.compile("\\( ?" + VALUE + ", " + VALUE + " ?\\)");
    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");

    /** A statement by its form. */
    enum Kind {
        BEGIN("(?:begin|start transaction)( .*)?"),
        COMMIT("commit"),
        ROLLBACK("rollback"),
        SAVEPOINT("savepoint (\\w+)"),
        RELEASE("release (?:savepoint )?(\\w+)"),
        ROLLBACK_TO("rollback to (?:savepoint )?(\\w+)"),
        PREPARE_TRANSACTION("prepare transaction '(.*)'"),
        COMMIT_PREPARED("commit prepared '(.*)'"),
        ROLLBACK_PREPARED("rollback prepared '(.*)'"),
        DECIDE("select pando\\.decide\\('(.*)'\\)", "decide 2278"),
        SET_LOCAL("set local (\\w+) to '(.*)'"),
        SET("set (\\w+) to '(.*)'"),
        SET_CONFIG("select pg_catalog\\.set_config\\('(\\w+)', '(.*)', false\\)", "set_config 25"),
        RESET_ALL("reset all"),
        RESET("reset \"?(\\w+)\"?"),
        DISCARD("discard all"),
        LISTEN("listen \"?(\\w+)\"?"),
        UNLISTEN("unlisten \"?(\\*|\\w+)\"?"),
        NOTIFY("notify (\\w+), '(.*)'"),
        CHANNELS("select pg_listening_channels\\(\\)", "pg_listening_channels 25"),
        SHOW("show (\\w+)", "setting 25"),
        LOOK("\\(+select '(?:settings|locks|prepared)' as kind, .*", "kind 25", "name 25", "value 25"),
        /** A function that sets a parameter. */
        SECRETLY("select secretly\\('(\\w+)', '(.*)'\\)", "secretly 25"),
        INSERT("insert into (\\w+) \\(k, v\\) values (.*?)( returning k)?"),
        UPDATE_ONE("update (\\w+) set v = " + VALUE + " where k = " + VALUE),
        UPDATE_ALL("update (\\w+) set v = " + VALUE + "( returning k)?"),
        DELETE_ONE("delete from (\\w+) where k = " + VALUE),
        DELETE_ALL("delete from (\\w+)"),
        SELECT_ONE("select v from (\\w+) where k = " + VALUE, "v 25"),
        SELECT_ALL("select k, v from (\\w+)", "k 20", "v 25"),
        SELECT_ORDERED(
                "select 'o' as o, k, v from (\\w+) order by k( desc)?(?: limit ([^o]+))?(?: offset (\\S+))?",
                "o 25",
                "k 20",
                "v 25"),
        COUNT("select count\\(\\*\\) from (\\w+)", "count 20"),
        DIVIDE("select 1/0", "?column? 23"),
        NO_COLUMN("select nope from (\\w+)(?: where k = \\d+)?"),
        SYNTAX("selec .*"),
        FUNCTION(
                "select n\\.nspname, p\\.proname from pg_catalog\\.pg_proc .* (\\d+)::pg_catalog\\.oid",
                "nspname 19",
                "proname 19"),
        SLEEP("select pg_sleep\\((\\d+)\\)", "pg_sleep 2278"),
        SHAPE("select shape from (\\w+)", "shape 25"),
        WORD("select " + VALUE + " as word", "word 25"),
        /** A literal that is read by a setting, when the statement is parsed. */
        MOMENT("select ('[^']*')::timestamptz::text as moment", "moment 25"),
        /** A lock of the session's own. */
        LOCK("select pg_advisory_lock\\((\\d+)\\)", "pg_advisory_lock 2278"),
        UNLOCK("select pg_advisory_unlock\\((\\d+)\\)", "pg_advisory_unlock 16"),
        DDL("create table (\\w+) \\(k bigint\\)"),
        COPY_IN("copy (\\w+) \\(k, v\\) from stdin"),
        COPY_OUT("copy (\\w+) \\(k, v\\) to stdout");

        private final Pattern pattern;
        private final String columns;

        Kind(String pattern, String... columns) {
            this.pattern = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
            this.columns = String.join(",", columns);
        }

        boolean controlsTransaction() {
            return switch (this) {
                case BEGIN, COMMIT, ROLLBACK, SAVEPOINT, RELEASE, ROLLBACK_TO, PREPARE_TRANSACTION -> true;
                default -> false;
            };
        }

        boolean endsTransaction() {
            return switch (this) {
                case COMMIT, ROLLBACK, ROLLBACK_TO, PREPARE_TRANSACTION -> true;
                default -> false;
            };
        }
    }

    /** A statement taken apart. */
    record Parsed(String sql, Kind kind, List<String> groups) {
        String group(int number) {
            return groups.get(number);
        }

        boolean returning() {
            return (kind == Kind.INSERT || kind == Kind.UPDATE_ALL) && !group(3).isEmpty();
        }

        /** Result columns as "name oid"; empty when it returns no rows. */
        List<String> columns() {
            if (returning()) {
                return List.of("k 20");
            }
            return kind.columns.isEmpty() ? List.of() : List.of(kind.columns.split(",", -1));
        }

        /** {@code shape} is what the column is called that changes with the schema. */
        RowDescription description(String shape) {
            return new RowDescription(columns().stream()
                    .map(column -> column.replace("shape", shape).split(" "))
                    .map(column ->
                            new Field(column[0], 0, (short) 0, Integer.parseInt(column[1]), (short) -1, -1, (short) 0))
                    .toList());
        }

        List<List<String>> rows(List<@Nullable String> parameters) {
            List<List<String>> rows = new ArrayList<>();
            Matcher matcher = ROW.matcher(group(2));
            while (matcher.find()) {
                rows.add(List.of(value(matcher.group(1), parameters), value(matcher.group(2), parameters)));
            }
            return rows;
        }

        String value(String token, List<@Nullable String> parameters) {
            if (token.startsWith("$")) {
                return Objects.requireNonNull(parameters.get(Integer.parseInt(token.substring(1)) - 1));
            }
            return token.startsWith("'") ? token.substring(1, token.length() - 1) : token;
        }

        /** The value of LIMIT or OFFSET, which may be a sum. */
        long sum(String expression, List<@Nullable String> parameters, long none) {
            if (expression.isBlank()) {
                return none;
            }
            long sum = 0;
            for (String part : expression.replace("::bigint", "").split("\\+", -1)) {
                sum += number(value(part.strip(), parameters));
            }
            return sum;
        }

        /** Types of the parameters: keys are bigint, all else is text. */
        int[] parameterTypes() {
            Matcher matcher = PARAMETER.matcher(sql);
            int[] types = new int
                    [matcher.results()
                            .mapToInt(found -> Integer.parseInt(found.group(1)))
                            .max()
                            .orElse(0)];
            java.util.Arrays.fill(types, 25);
            matcher.reset();
            while (matcher.find()) {
                String before = sql.substring(0, matcher.start());
                boolean key = before.endsWith("k = ") || (kind == Kind.INSERT && before.endsWith("("));
                boolean count = before.toLowerCase(Locale.ROOT).matches("(?s).*(limit|offset) (\\S+ \\+ )?");
                types[Integer.parseInt(matcher.group(1)) - 1] = key || count ? 20 : 25;
            }
            return types;
        }
    }

    private static final Map<String, Parsed> KNOWN = new ConcurrentHashMap<>();

    private ModelSql() {}

    static Parsed parse(String sql) {
        if (KNOWN.size() > 50_000) {
            KNOWN.clear();
        }
        return KNOWN.computeIfAbsent(sql, ModelSql::match);
    }

    private static Parsed match(String text) {
        String sql = text.strip().replaceAll("\\s+", " ");
        for (Kind kind : Kind.values()) {
            Matcher matcher = kind.pattern.matcher(sql);
            if (matcher.matches()) {
                List<String> groups = new ArrayList<>();
                for (int i = 0; i <= matcher.groupCount(); i++) {
                    groups.add(matcher.group(i) == null ? "" : matcher.group(i));
                }
                return new Parsed(sql, kind, groups);
            }
        }
        throw new AssertionError("the model server does not know: " + sql);
    }

    static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException wrong) {
            throw new SqlError("22P02", "invalid input syntax for type bigint: \"" + text + "\"");
        }
    }
}
