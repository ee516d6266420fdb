package dev.pando.rehearse.rows;

/**
 * A way to make a column's values: an expression over the row's numbers {@code g.i} (of the whole table) and {@code g.k} (of its
 * partition).
 *
 * @param distinct whether each number gives another value
 */
record Value(String sql, boolean distinct) {
    static final Value NULL = new Value("NULL", false);

    static Value any(String sql) {
        return new Value(sql, false);
    }

    static Value each(String sql) {
        return new Value(sql, true);
    }
}
