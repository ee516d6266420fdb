package dev.pando.base.sql;

/** A literal of a statement: bytes {@code [start, end)} counted from the statement's first byte, quotes and UESCAPE included. */
public record Literal(Kind kind, int start, int end) {
    public enum Kind {
        INTEGER,
        DECIMAL,
        STRING,
        ESCAPE_STRING,
        DOLLAR,
        BIT,
        HEX,
        UNICODE_STRING;

        /** What stands for the literal in a shape: literals that PostgreSQL gives the same type have the same one. */
        String placeholder() {
            return switch (this) {
                case INTEGER -> "0";
                case DECIMAL -> "0.0";
                case STRING, ESCAPE_STRING, DOLLAR, UNICODE_STRING -> "''";
                case BIT -> "B''";
                case HEX -> "X''";
            };
        }
    }
}
