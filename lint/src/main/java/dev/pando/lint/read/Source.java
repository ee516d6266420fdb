package dev.pando.lint.read;

/**
 * A migration before it is read.
 *
 * @param name path as the user gave it, for messages
 * @param settings text of the tool's settings file beside it ({@code V1__x.sql.conf}), empty when there is none
 */
public record Source(String name, String text, String settings) {
    public Source(String name, String text) {
        this(name, text, "");
    }
}
