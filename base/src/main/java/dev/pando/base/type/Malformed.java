package dev.pando.base.type;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;

/** A field that is not in a form this package reads exactly. */
final class Malformed {
    private Malformed() {}

    static PandoException value(ScalarType type) {
        return new PandoException(PandoError.TYPE_NOT_MERGEABLE, "a value in an unknown form", type.sqlName());
    }

    static PandoException causedBy(Throwable cause, ScalarType type) {
        return PandoException.causedBy(
                cause, PandoError.TYPE_NOT_MERGEABLE, "a value in an unknown form", type.sqlName());
    }
}
