package dev.pando.core.session;

/** COPY FROM STDIN under way. */
final class ModelCopy {
    final String table;
    final boolean extended;
    String text = "";
    int rows;

    ModelCopy(String table, boolean extended) {
        this.table = table;
        this.extended = extended;
    }
}
