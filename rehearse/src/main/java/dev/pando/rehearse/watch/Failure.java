package dev.pando.rehearse.watch;

/** What a server refused. */
public record Failure(String sqlState, String message, String sql) {
    /** Failures are the same when only numbers in their messages differ. */
    public record Kind(String sqlState, String message) {}

    public Kind kind() {
        return new Kind(sqlState, message.replaceAll("[0-9]+", "N"));
    }
}
