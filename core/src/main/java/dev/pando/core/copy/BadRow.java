package dev.pando.core.copy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;

/** What is wrong with a row, before its number is known. */
final class BadRow extends RuntimeException {
    private final String reason;

    BadRow(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    PandoException numbered(long row) {
        return new PandoException(PandoError.COPY_BAD_DATA, row, reason);
    }
}
