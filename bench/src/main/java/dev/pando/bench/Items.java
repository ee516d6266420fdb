package dev.pando.bench;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * A table of small rows, in buckets of {@link #PER_BUCKET} that lie next to each other by key, so that a sharding function spreads each
 * bucket over all shards.
 */
final class Items {
    static final int PER_BUCKET = 64;
    static final int BUCKETS = 1_000;
    static final int KEYS = PER_BUCKET * BUCKETS;

    private final Connection connection;

    Items(Connection connection) {
        this.connection = connection;
    }

    /** @param sharded whether it is spread over shards by its key */
    void create(boolean sharded) throws SQLException {
        // Room on each page, so that counting hits moves no row.
        execute("CREATE TABLE bench_items (id int PRIMARY KEY, bucket int NOT NULL, value int NOT NULL,"
                + " hits bigint NOT NULL) WITH (fillfactor = 50)");
        execute("CREATE INDEX bench_items_bucket ON bench_items (bucket)");
        if (sharded) {
            execute("SELECT pando.distribute('bench_items', 'id')");
        }
        StringBuilder rows = new StringBuilder(KEYS * 20);
        for (int id = 1; id <= KEYS; id++) {
            rows.append(id)
                    .append('\t')
                    .append(bucket(id))
                    .append('\t')
                    .append(id)
                    .append("\t0\n");
        }
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY bench_items FROM STDIN", new StringReader(rows.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        execute("ANALYZE bench_items");
    }

    static int bucket(int id) {
        return (id - 1) / PER_BUCKET;
    }

    static int firstKey(int bucket) {
        return bucket * PER_BUCKET + 1;
    }

    /** How often a whole bucket was changed; a part of one makes it -1. */
    long changes() throws SQLException {
        long hits = BenchTables.Sql.number(connection, "SELECT sum(hits) FROM bench_items");
        return hits % PER_BUCKET == 0 ? hits / PER_BUCKET : -1;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
