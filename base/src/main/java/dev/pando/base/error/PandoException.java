package dev.pando.base.error;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An error of the catalogue with its particulars. The message a client sees is {@link #getMessage()}. */
public final class PandoException extends RuntimeException {
    private final PandoError error;
    private final @Nullable String detail;
    private final transient List<Object> particulars;
    private final transient Map<Character, String> quoted;

    /** Fills the catalogue text's {@code %s} places with {@code particulars}, in order. */
    public PandoException(PandoError error, Object... particulars) {
        this(error, null, null, Map.of(), particulars);
    }

    private PandoException(
            PandoError error,
            @Nullable String detail,
            @Nullable Throwable cause,
            Map<Character, String> quoted,
            Object... particulars) {
        super(error.format(particulars), cause);
        this.error = error;
        this.detail = detail;
        this.particulars = List.of(particulars);
        this.quoted = quoted;
    }

    public static PandoException causedBy(Throwable cause, PandoError error, Object... particulars) {
        return new PandoException(error, null, cause, Map.of(), particulars);
    }

    /** The same error with a DETAIL line, as PostgreSQL's clients show it. */
    public static PandoException detailed(PandoError error, String detail, Object... particulars) {
        return new PandoException(error, detail, null, Map.of(), particulars);
    }

    /** Clients are to hear it in PostgreSQL's own words: the fields of its error, by their letters. */
    public static PandoException quoting(Map<Character, String> fields, PandoError error, Object... particulars) {
        return new PandoException(error, null, null, fields, particulars);
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

    /** What PostgreSQL says of it, field by field; empty when Pando speaks for itself. */
    public Map<Character, String> quoted() {
        return quoted;
    }

    public String hint() {
        return error.remedy();
    }
}
