package dev.pando.core.config;

/** A password. It never appears in text by accident: {@link #toString} hides it, and so does every record that holds one. */
public record Secret(String reveal) {
    /** What stands in for every secret in printed configuration. */
    public static final String HIDDEN = "********";

    @Override
    public String toString() {
        return HIDDEN;
    }
}
