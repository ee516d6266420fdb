package dev.pando.lint.read;

/**
 * A statement of a migration.
 *
 * @param number from 0, in the order of the file
 * @param sql without the semicolon and comments around it, placeholders filled in
 * @param source as it stands in the file
 * @param start its first byte in the file
 * @param end one past its last byte, the semicolon not counted
 */
public record Statement(
        int number,
        Kind kind,
        String sql,
        String source,
        int start,
        int end,
        Place place,
        Place endPlace,
        Transaction transaction) {
    public enum Kind {
        SQL,
        /** A command of psql's, such as {@code \i other.sql}. */
        PSQL,
        /** SQL with a placeholder whose value is not known. */
        PLACEHOLDER
    }
}
