package dev.pando.lint.recipe;

import dev.pando.base.sql.Quote;

/** Fills a column in batches along the key of its table, each in a transaction of its own. */
final class Backfill {
    private static final int BATCH = 1_000;

    private Backfill() {}

    static String of(String table, String key, String column, String value) {
        return """
                DO $backfill$
                DECLARE
                    low %1$s.%2$s%%TYPE;
                    high %1$s.%2$s%%TYPE;
                BEGIN
                    SELECT %2$s INTO low FROM %1$s ORDER BY %2$s LIMIT 1;
                    WHILE low IS NOT NULL LOOP
                        SELECT %2$s INTO high FROM (SELECT %2$s FROM %1$s WHERE %2$s >= low ORDER BY %2$s LIMIT %5$s) AS batch
                            ORDER BY %2$s DESC LIMIT 1;
                        UPDATE %1$s SET %3$s = %4$s WHERE %2$s >= low AND %2$s <= high AND %3$s IS NULL;
                        COMMIT;
                        SELECT %2$s INTO low FROM %1$s WHERE %2$s > high ORDER BY %2$s LIMIT 1;
                    END LOOP;
                END $backfill$""".formatted(table, Quote.identifier(key), Quote.identifier(column), value, BATCH);
    }
}
