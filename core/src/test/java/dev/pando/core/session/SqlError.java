package dev.pando.core.session;

/** An error of the model server. */
final class SqlError extends RuntimeException {
    private final String state;

    SqlError(String state, String message) {
        super(message, null, false, false);
        this.state = state;
    }

    String state() {
        return state;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
