package dev.pando.base.wire;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;

/** A breach of the protocol of which clients hear in PostgreSQL's own words. */
public final class Violation {
    private Violation() {}

    public static PandoException of(String words) {
        return of(PandoError.PROTOCOL_VIOLATION, PandoError.PROTOCOL_VIOLATION.sqlState(), words);
    }

    public static PandoException of(PandoError error, String sqlState, String words) {
        return PandoException.quoting(ErrorFields.of("ERROR", sqlState, words).fields(), error, words);
    }
}
