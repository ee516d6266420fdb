package dev.pando.rehearse.rows;

import dev.pando.base.sql.Quote;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ways to make a column's values, the usual one first. Those behind it are tried when a CHECK, a domain or the bounds of a partition refuse
 * the first; some come of constants in the condition's text, which need not be understood, as the server judges each way.
 */
final class Values {
    private static final Pattern TEXT = Pattern.compile("'((?:[^']|'')*)'");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.'])-?\\d+(?:\\.\\d+)?(?![\\w.'])");
    private static final int MOST_CONSTANTS = 12;
    /** From here on a name with a number fits, whatever the number. */
    private static final int ROOMY = 12;

    private final Column column;
    private final List<String> numbers;
    private final List<String> texts;
    private final String hash;
    private final Set<Value> all = new LinkedHashSet<>();

    private Values(Column column, List<String> conditions) {
        this.column = column;
        this.numbers = constants(NUMBER, 0, conditions);
        this.texts = constants(TEXT, 1, conditions);
        this.hash = hash(column.name());
    }

    /** Empty when nothing is known that makes values of its type. */
    static List<Value> of(Column column, List<String> conditions) {
        var values = new Values(column, conditions);
        values.add();
        if (!column.required()) {
            values.all.add(Value.NULL);
        }
        return List.copyOf(values.all);
    }

    private static List<String> constants(Pattern pattern, int group, List<String> conditions) {
        Set<String> found = new LinkedHashSet<>();
        for (String condition : conditions) {
            Matcher matcher = pattern.matcher(condition);
            while (matcher.find() && found.size() < MOST_CONSTANTS) {
                found.add(matcher.group(group).replace("''", "'"));
            }
        }
        return List.copyOf(found);
    }

    private void add() {
        if (column.element() != null) {
            Column element = new Column(
                    column.name(),
                    column.element(),
                    column.element(),
                    'b',
                    -1,
                    true,
                    false,
                    false,
                    false,
                    false,
                    null,
                    0);
            of(element, List.of())
                    .forEach(value -> all.add(new Value(
                            "ARRAY[(" + value.sql() + ")::" + Quote.identifier(column.element()) + "]",
                            value.distinct())));
            return;
        }
        if (column.kind() == 'e') {
            any("(enum_range(NULL::" + column.type() + "))[(1 + " + hash + " % " + Math.max(1, column.labels())
                    + ")::int]");
            texts.forEach(text -> any(Quote.literal(text)));
            return;
        }
        switch (column.base()) {
            case "int2" -> numbers(9_000);
            case "int4", "int8", "oid" -> numbers(1_000);
            case "numeric" -> numeric();
            case "float4", "float8", "money" -> {
                numbers(1_000);
                any("0.5");
            }
            case "bool" -> {
                any(hash + " % 2 = 0");
                any("true");
                any("false");
            }
            case "text", "varchar", "bpchar", "citext", "name" -> text();
            case "timestamp", "timestamptz", "date" -> times();
            case "time", "timetz" -> any("time '00:00' + " + hash + " % 86400 * interval '1 second'");
            default -> others();
        }
    }

    private void numbers(int most) {
        String range = "1 + " + hash + " % " + most;
        any(range);
        if (!column.base().equals("int2")) {
            each("g.i");
        }
        for (String number : numbers) {
            each(number + " + g.k");
            any(number + " + 1 + " + hash + " % 10");
            any(number);
        }
        for (int i = 0; i + 1 < numbers.size(); i++) {
            any(numbers.get(i) + " + floor(" + hash + " % 1000 * (" + numbers.get(i + 1) + " - (" + numbers.get(i)
                    + ")) / 1000.0)");
        }
        texts.forEach(text -> {
            any(Quote.literal(text));
            each(Quote.literal(text) + "::bigint + g.k");
        });
        any("1");
        any("0");
        any("-(" + range + ")");
    }

    private void numeric() {
        int digits = column.modifier() < 0 ? 18 : ((column.modifier() - 4) >> 16) & 0xffff;
        int scale = column.modifier() < 0 ? 0 : (column.modifier() - 4) & 0x7ff;
        int whole = Math.min(4, digits - scale);
        if (whole > 0) {
            numbers((int) Math.pow(10, whole) - 1);
        }
        any(hash + " % 10 / 10.0");
        any("0");
    }

    private void text() {
        boolean limited = column.modifier() > 4 && !column.base().equals("name");
        int most = limited ? column.modifier() - 4 : 1_000;
        String name = column.name() + " ";
        if (most >= name.length() + ROOMY) {
            any(Quote.literal(name) + " || " + hash + " % 1000");
            each(Quote.literal(name) + " || g.i");
        } else {
            any("left(md5(" + hash + "::text), " + Math.min(most, 8) + ")");
            if (most >= 5) {
                each("to_hex(g.i)");
            }
        }
        texts.forEach(text -> any(Quote.literal(text)));
        each("'someone' || g.i || '@example.com'");
        each("'https://example.com/' || g.i");
        each("'+49151' || lpad(g.i::text, 8, '0')");
        each("md5(g.i::text)");
        each("upper(to_hex(g.i))");
        each("g.i::text");
        Set<String> lengths = new LinkedHashSet<>(List.of("2", "3", "5", "8"));
        lengths.addAll(numbers);
        for (String length : lengths) {
            if (length.matches("[1-9][0-9]{0,3}")) {
                any("lpad(" + hash + "::text, " + length + ", '0')");
                any("left(upper(translate(md5(" + hash + "::text), '0123456789', 'ghijklmnop')), " + length + ")");
                any("left(translate(md5(" + hash + "::text), '0123456789', 'ghijklmnop'), " + length + ")");
            }
        }
        any("''");
    }

    private void times() {
        boolean days = column.base().equals("date");
        String near = days ? hash + "::numeric % 1000" : hash + " % 31536000 * interval '1 second'";
        String now = days ? "current_date" : "now()";
        String step = days ? "" : " * interval '1 second'";
        String cast = days ? "::int" : "";
        any(now + " - (" + near + ")" + cast);
        each(days ? "date '1990-01-01' + g.i::int" : "timestamptz '2020-01-01 00:00Z' + g.i * interval '1 minute'");
        any(now + " + (" + near + ")" + cast);
        String type = days ? "date" : column.base();
        for (String text : texts) {
            String start = Quote.literal(text) + "::" + type;
            any(start + " + (" + hash + " % " + (days ? "28" : "86400") + ")" + cast + step);
            each(start + " + g.k" + cast + step);
            any(start);
        }
    }

    private void others() {
        switch (column.base()) {
            case "uuid" -> each("md5(g.i || " + Quote.literal(column.name()) + ")::uuid");
            case "bytea" -> each("decode(md5(g.i::text), 'hex')");
            case "json", "jsonb" -> any("jsonb_build_object('n', g.i, 'name', 'name ' || " + hash + " % 1000)");
            case "inet", "cidr" -> each("inet '10.0.0.0' + g.i");
            case "macaddr" -> each("lpad(to_hex(g.i), 12, '0')");
            case "interval" -> any(hash + " % 86400 * interval '1 second'");
            case "bit", "varbit" -> any("repeat('1', " + Math.max(1, column.modifier()) + ")");
            case "tsvector" -> any("to_tsvector('simple', 'word' || " + hash + " % 1000)");
            case "xml" -> any("'<n>' || g.i || '</n>'");
            case "point" -> any("point(g.i, " + hash + " % 1000)");
            case "int4range" -> each("int4range(g.i::int, g.i::int + 1)");
            case "int8range" -> each("int8range(g.i, g.i + 1)");
            case "numrange" -> each("numrange(g.i, g.i + 1)");
            case "daterange" -> each("daterange(date '1990-01-01' + g.i::int, date '1990-01-01' + g.i::int + 1)");
            case "tsrange" ->
                each(
                        "tsrange(timestamp '2020-01-01' + g.i * interval '1 minute', timestamp '2020-01-01' + (g.i + 1) * interval '1 minute')");
            case "tstzrange" ->
                each(
                        "tstzrange(timestamptz '2020-01-01 00:00Z' + g.i * interval '1 minute', timestamptz '2020-01-01 00:00Z' + (g.i + 1) * interval '1 minute')");
            default -> {}
        }
    }

    private void any(String sql) {
        all.add(Value.any(sql));
    }

    private void each(String sql) {
        all.add(Value.each(sql));
    }

    /** Numbers that other columns' values are chosen by; never negative. */
    static String hash(String salt) {
        return "(hashint8extended(g.i, " + (salt.hashCode() & 0xffff) + ") & 9223372036854775807)";
    }
}
