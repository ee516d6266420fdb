package dev.pando.base.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An error of the catalogue with its particulars. The message a client sees is {@link #getMessage()}. */
public final class PandoException extends RuntimeException {
    private final PandoError error;
    private final @Nullable String detail;
    private final transient List<Object> particulars;

    /** Fills the catalogue text's {@code %s} places with {@code particulars}, in order. */
    public PandoException(PandoError error, Object... particulars) {
        this(error, null, null, particulars);
    }

    private PandoException(
            PandoError error, @Nullable String detail, @Nullable Throwable cause, Object... particulars) {
        super(error.format(particulars), cause);
        this.error = error;
        this.detail = detail;
        this.particulars = List.of(particulars);
    }

    public static PandoException causedBy(Throwable cause, PandoError error, Object... particulars) {
        return new PandoException(error, null, cause, particulars);
    }

    /** The same error with a DETAIL line, as PostgreSQL's clients show it. */
    public static PandoException detailed(PandoError error, String detail, Object... particulars) {
        return new PandoException(error, detail, null, particulars);
    }

    public PandoError error() {
        return error;
    }

    /** What fills the places of the catalogue text. */
    public List<Object> particulars() {
        return particulars;
    }

    public @Nullable String detail() {
        return detail;
    }

    public String hint() {
        return error.remedy();
    }
}
