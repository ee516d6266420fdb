package dev.pando.lint;

import dev.pando.lint.fact.Sizes;
import java.sql.SQLException;

/**
 * What migrations are run on.
 *
 * @param words for the reader: which server, whose schema
 * @param complete whether it has the schema that the migrations meet
 * @param closing ends what it runs on
 */
record Ground(String words, int major, Facts facts, Sizes sizes, boolean complete, Closing closing)
        implements AutoCloseable {
    interface Closing {
        void close() throws SQLException;
    }

    @Override
    public void close() throws SQLException {
        try {
            facts.close();
        } finally {
            closing.close();
        }
    }
}
