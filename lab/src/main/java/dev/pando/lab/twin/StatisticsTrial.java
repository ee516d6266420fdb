package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.lab.Messages;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a statistics object on a twin and gives it the data that ANALYZE would. They come of rows, so a sample of the target's is read, as
 * large as ANALYZE's, into a table of the twin with the same columns; the twin's ANALYZE computes them there. That takes the sample for
 * the whole table, so what depends on how many rows there are besides is reckoned again, as the server does it.
 */
final class StatisticsTrial {
    /** Before 16 an object has to have a name. */
    private static final Pattern CREATE_STATISTICS = Pattern.compile(
            "\\s*CREATE\\s+STATISTICS(?<anonymous>\\s*\\(|\\s+ON\\b)?.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final int ROWS_OF_TARGET = 300;
    private static final String OBJECTS = "SELECT oid FROM pg_statistic_ext";
    private static final String SAMPLE = "pando_sample.rows";

    private record Facts(
            String name,
            String table,
            String kinds,
            String columns,
            @Nullable String read,
            int tableTarget,
            int ownTarget,
            boolean tree,
            long blocks,
            double tuples) {}

    private final Connection connection;
    private final Deputy deputy;
    private final int major;
    private final RowSource rows;

    StatisticsTrial(Connection connection, Deputy deputy, int major, RowSource rows) {
        this.connection = connection;
        this.deputy = deputy;
        this.major = major;
        this.rows = rows;
    }

    Trial.Statistics make(String statement) throws SQLException {
        try {
            long object = create(statement);
            Facts facts = Sql.rows(
                            connection,
                            StatisticsTrial::facts,
                            CatalogQuery.text("statistics-candidate", major),
                            object,
                            object)
                    .getFirst();
            SampleEstimate sample = sample(statement, facts);
            SampleStatistics computed = new SampleStatistics(connection, deputy, SAMPLE, object, sample);
            List<String> notes = computed.compute(facts.kinds(), facts.columns(), facts.ownTarget());
            computed.transfer(facts.tree());
            Trial.Statistics tried = new Trial.Statistics(
                    statement.strip(),
                    facts.name(),
                    facts.table(),
                    (long) sample.rows(),
                    sample.tuples(),
                    computed.found(),
                    notes);
            Sql.run(connection, "DROP SCHEMA pando_sample CASCADE", "SET LOCAL search_path TO DEFAULT");
            return tried;
        } catch (SQLException e) {
            throw PandoException.causedBy(e, PandoError.EXPLAIN_REFUSED, statement, Messages.of(e));
        }
    }

    private long create(String statement) throws SQLException {
        Matcher matcher = CREATE_STATISTICS.matcher(statement);
        if (!matcher.matches()) {
            throw new PandoException(PandoError.EXPLAIN_REFUSED, statement, "not a CREATE STATISTICS statement");
        }
        String sql = statement;
        if (matcher.group("anonymous") != null && major < 16) {
            int at = matcher.start("anonymous");
            sql = statement.substring(0, at) + " pando_candidate" + statement.substring(at);
        }
        Sql.ownNames(connection);
        Set<Long> before = new HashSet<>(Sql.rows(connection, row -> row.getLong(1), OBJECTS));
        Sql.run(connection, "SET LOCAL search_path TO DEFAULT", sql);
        Sql.ownNames(connection);
        List<Long> made = Sql.rows(connection, row -> row.getLong(1), OBJECTS).stream()
                .filter(object -> !before.contains(object))
                .toList();
        if (made.size() != 1) {
            throw new PandoException(PandoError.EXPLAIN_REFUSED, statement, "it makes no statistics object");
        }
        return made.getFirst();
    }

    private static Facts facts(ResultSet row) throws SQLException {
        return new Facts(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getInt(6),
                row.getInt(7),
                row.getBoolean(8),
                row.getLong(9),
                row.getDouble(10));
    }

    /** Rows of as many pages as ANALYZE reads, and as many of those as it keeps, in the table's order. */
    private SampleEstimate sample(String statement, Facts facts) throws SQLException {
        if (facts.read() == null) {
            throw new PandoException(PandoError.EXPLAIN_REFUSED, statement, "it is on no column");
        }
        Sql.run(
                connection,
                "CREATE SCHEMA pando_sample",
                "CREATE TABLE " + SAMPLE + " AS SELECT * FROM " + facts.table() + " WITH NO DATA");
        List<String> targets =
                Sql.rows(connection, row -> row.getString(1), """
                SELECT format('ALTER TABLE %s ALTER COLUMN %%I SET STATISTICS %%s', attname, attstattarget) FROM pg_attribute
                WHERE attrelid = %s::regclass AND attnum > 0 AND attstattarget >= 0
                """.formatted(SAMPLE, Quote.literal(facts.table())));
        Sql.run(connection, targets.toArray(String[]::new));
        long limit = (long) ROWS_OF_TARGET * facts.tableTarget();
        boolean part = facts.blocks() > limit;
        String from = (facts.tree() ? "" : "ONLY ") + facts.table();
        if (part) {
            from += String.format(Locale.ROOT, " TABLESAMPLE SYSTEM (%.6f)", 100.0 * limit / facts.blocks());
        }
        String query =
                "SELECT %1$s FROM (SELECT tableoid, ctid, %1$s FROM %2$s ORDER BY random() LIMIT %3$d) s ORDER BY tableoid, ctid"
                        .formatted(facts.read(), from, limit);
        long count = rows.copy(query, connection, SAMPLE + " (" + facts.read() + ")");
        boolean all = !part && count < limit;
        return new SampleEstimate((double) count, all ? (double) count : Math.max((double) count, facts.tuples()));
    }
}
