package dev.pando.lint.read;

/** A place in a file: both count from 1, the column in characters. */
public record Place(int line, int column) {
    @Override
    public String toString() {
        return line + ":" + column;
    }
}
