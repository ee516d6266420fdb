package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import org.jspecify.annotations.Nullable;

/** Why a statement failed. {@code error} is null when the client has had the ErrorResponse already. */
record Failure(@Nullable ErrorFields error) {
    static final Failure TOLD = new Failure(null);

    static Failure of(PandoException exception) {
        if (exception.error() == PandoError.IN_FAILED_TRANSACTION) {
            // PostgreSQL's own words, for it is PostgreSQL's own error.
            return new Failure(
                    ErrorFields.of("ERROR", exception.error().sqlState(), PandoError.IN_FAILED_TRANSACTION.text()));
        }
        return new Failure(ErrorFields.of(exception, false));
    }
}
