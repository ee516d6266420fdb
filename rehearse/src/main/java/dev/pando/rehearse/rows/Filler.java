package dev.pando.rehearse.rows;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.lab.Messages;
import dev.pando.rehearse.rows.TablePlan.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives the tables of a copy rows, made on its server. */
public final class Filler {
    private static final long MOST_ROWS = 50_000_000;
    /** New rows of a restored copy are numbered from here, as nobody knows which numbers its rows have. */
    private static final long BEYOND_RESTORED = 1_500_000_000;
    /** Of numbers tried for a row that conditions let pass. */
    private static final double MOST_TRIES = 20;

    private final Connection connection;
    private final Consumer<String> progress;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Map<String, Long> used = new LinkedHashMap<>();
    private final Map<String, String> problems = new LinkedHashMap<>();
    private final Map<String, Filled.Insertion> insertions = new LinkedHashMap<>();
    private final Map<String, Long> largest = new LinkedHashMap<>();

    private Filler(Connection connection, Consumer<String> progress) {
        this.connection = connection;
        this.progress = progress;
    }

    /** Tables with and without rows, by age. {@code progress} hears in words which is being filled. */
    public static List<Filled> fill(Connection connection, Amounts amounts, Consumer<String> progress)
            throws SQLException {
        List<Table> tables = CatalogReader.read(connection);
        List<String> unknown = amounts.unknown(tables);
        if (!unknown.isEmpty()) {
            throw new PandoException(
                    PandoError.REHEARSE_INPUT, "--rows " + unknown.getFirst(), "there is no such table");
        }
        List<String> ambiguous = amounts.ambiguous(tables);
        if (!ambiguous.isEmpty()) {
            throw new PandoException(
                    PandoError.REHEARSE_INPUT,
                    "--rows",
                    "it names " + ambiguous.getFirst() + " twice, with different numbers");
        }
        Map<String, Long> wanted = amounts.of(tables);
        long all = wanted.values().stream().mapToLong(Long::longValue).sum();
        if (all > MOST_ROWS) {
            throw new PandoException(
                    PandoError.REHEARSE_INPUT, all + " rows", "a copy has at most " + MOST_ROWS + " of them");
        }
        return new Filler(connection, progress).fill(tables, wanted);
    }

    /** Tables of a copy that has its rows already. */
    public static List<Filled> known(Connection connection, Consumer<String> progress) throws SQLException {
        List<Table> tables = CatalogReader.read(connection);
        var filler = new Filler(connection, progress);
        for (Table table : tables) {
            progress.accept("counting " + table.name());
            long rows = filler.count(table.name());
            filler.counts.merge(table.root(), rows, Long::sum);
            if (!table.name().equals(table.root())) {
                filler.counts.put(table.name(), rows);
            }
        }
        for (Table table : tables) {
            filler.learn(table, filler.counts.getOrDefault(table.name(), 0L));
        }
        return filler.filled(tables);
    }

    private long count(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void learn(Table table, long rows) throws SQLException {
        TablePlan plan = TablePlan.of(table, counts);
        if (rows == 0 || plan.obstacle() != null || !plan.grows() || rows < largest.getOrDefault(table.root(), 0L)) {
            return;
        }
        Choice choice = Choice.of(plan, rows, new Probe(connection));
        if (choice.obstacle() == null) {
            largest.put(table.root(), rows);
            insertions.put(
                    table.root(), insertion(plan, plan.with(choice.values(), choice.conditions()), BEYOND_RESTORED));
        }
    }

    private List<Filled> fill(List<Table> tables, Map<String, Long> wanted) throws SQLException {
        for (Table table : TableOrder.of(tables)) {
            long rows = wanted.getOrDefault(table.name(), 0L);
            if (rows > 0) {
                progress.accept(String.format(Locale.ROOT, "%,d rows for %s", rows, table.name()));
                fill(table, rows);
            }
        }
        return filled(tables);
    }

    private List<Filled> filled(List<Table> tables) {
        return tables.stream()
                .map(Table::root)
                .distinct()
                .map(root -> new Filled(root, counts.getOrDefault(root, 0L), problems.get(root), insertions.get(root)))
                .toList();
    }

    private void fill(Table table, long wanted) throws SQLException {
        TablePlan plan = TablePlan.of(table, counts);
        if (plan.obstacle() != null) {
            problem(table, plan.obstacle());
            return;
        }
        long rows = Math.min(wanted, plan.most());
        Choice choice = Choice.of(plan, rows, new Probe(connection));
        if (choice.obstacle() != null) {
            problem(table, choice.obstacle());
            return;
        }
        long before = used.getOrDefault(table.root(), 0L);
        long tried = (long) Math.ceil(rows * Math.min(MOST_TRIES, choice.share() < 1 ? 1.3 / choice.share() : 1));
        Statements statements = plan.with(choice.values(), choice.conditions());
        long made;
        try {
            made = withoutTriggers(table, statements.insert(before, rows, tried));
        } catch (SQLException e) {
            problem(table, Messages.of(e));
            return;
        }
        used.put(table.root(), before + tried);
        counts.merge(table.root(), made, Long::sum);
        if (!table.name().equals(table.root())) {
            counts.put(table.name(), made);
        }
        if (made < wanted) {
            problem(
                    table,
                    String.format(Locale.ROOT, "%,d rows of %,d: others would not be unique or valid", made, wanted));
        }
        if (plan.grows() && made >= largest.getOrDefault(table.root(), 0L)) {
            largest.put(table.root(), made);
            insertions.put(table.root(), insertion(plan, statements, before + tried));
        }
    }

    private static Filled.Insertion insertion(TablePlan plan, Statements statements, long last) {
        List<Filled.Source> sources = plan.links().stream()
                .map(link -> new Filled.Source(
                        link.reference().table(), link.reference().targets()))
                .toList();
        return new Filled.Insertion(statements.insertOne(), sources, last);
    }

    private void problem(Table table, @Nullable String problem) {
        String place = table.name().equals(table.root()) ? "" : "partition " + table.name() + ": ";
        problems.merge(table.root(), place + problem, (first, second) -> first);
    }

    /** Triggers would fill other tables too, and do what they do a million times. */
    private long withoutTriggers(Table table, String insert) throws SQLException {
        connection.setAutoCommit(false);
        boolean done = false;
        try (Statement statement = connection.createStatement()) {
            for (String trigger : table.triggers()) {
                statement.execute("ALTER TABLE " + table.name() + " DISABLE TRIGGER " + Quote.identifier(trigger));
            }
            long rows = statement.executeLargeUpdate(insert);
            for (String trigger : table.triggers()) {
                statement.execute("ALTER TABLE " + table.name() + " ENABLE TRIGGER " + Quote.identifier(trigger));
            }
            connection.commit();
            done = true;
            return rows;
        } finally {
            if (!done && !connection.isClosed()) {
                connection.rollback();
            }
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }
}
