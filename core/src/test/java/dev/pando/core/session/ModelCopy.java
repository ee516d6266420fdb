package dev.pando.core.session;

/** COPY FROM STDIN under way. */
final class ModelCopy {
    final ModelSql.Parsed sql;
    final String table;
    final boolean extended;
    String text = "";
    int rows;

    ModelCopy(ModelSql.Parsed sql, boolean extended) {
        this.sql = sql;
        this.table = sql.group(1);
        this.extended = extended;
    }
}
