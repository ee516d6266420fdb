package dev.pando.base.wire;

/** One column of a {@link RowDescription}. {@code format} is 0 for text, 1 for binary. */
public record Field(
        String name, int tableOid, short columnNumber, int typeOid, short typeSize, int typeModifier, short format) {
    public Field withFormat(short newFormat) {
        return new Field(name, tableOid, columnNumber, typeOid, typeSize, typeModifier, newFormat);
    }
}
