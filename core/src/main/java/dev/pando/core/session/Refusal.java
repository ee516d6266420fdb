package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import java.util.LinkedHashMap;
import java.util.Map;

/** An error worded as PostgreSQL's own, for what PostgreSQL would have refused. */
final class Refusal extends RuntimeException {
    private final transient ErrorFields error;

    Refusal(String sqlState, String message) {
        super(message, null, false, false);
        this.error = ErrorFields.of("ERROR", sqlState, message);
    }

    Refusal(String sqlState, String message, String hint) {
        super(message, null, false, false);
        Map<Character, String> fields =
                new LinkedHashMap<>(ErrorFields.of("ERROR", sqlState, message).fields());
        fields.put('H', hint);
        this.error = new ErrorFields(fields);
    }

    Failure failure() {
        return new Failure(error);
    }
}
