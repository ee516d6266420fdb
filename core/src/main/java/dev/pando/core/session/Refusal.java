package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;

/** An error worded as PostgreSQL's own, for what PostgreSQL would have refused. */
final class Refusal extends RuntimeException {
    private final transient ErrorFields error;

    Refusal(String sqlState, String message) {
        super(message, null, false, false);
        this.error = ErrorFields.of("ERROR", sqlState, message);
    }

    Failure failure() {
        return new Failure(error);
    }
}
