package dev.pando.base.sql;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a statement is apart from its literals: a key for caches of plans. Two shapes are equal when their texts are equal byte for byte,
 * so a collision of hashes costs time and never a wrong plan; the order serves hash tables that turn crowded buckets into trees.
 *
 * <p>The text is itself SQL with the same shape: tokens parted by single spaces, unquoted names in lower case, {@code 0}, {@code 0.0},
 * {@code ''}, {@code B''}, {@code X''} for literals (one spelling per type PostgreSQL would give), {@code in ( 0 , 0 )} for a list of
 * two or more literals of one type, no final semicolon.
 *
 * <p>Everything is folded, the numbers of {@code ORDER BY 1}, {@code LIMIT 5} and {@code float(24)} too. A plan that depends on a
 * literal's value must read it from the statement at hand, or not be cached.
 */
public final class Shape implements Comparable<Shape> {
    private final byte[] text;
    private final int hash;

    Shape(byte[] text) {
        this.text = text;
        this.hash = Arrays.hashCode(text);
    }

    /** Length of the text in bytes: what a cache that holds it has to count. */
    public int bytes() {
        return text.length;
    }

    /** This one, or one of its first bytes when it is longer: for keys that have to be small. */
    public Shape upTo(int most) {
        return text.length <= most ? this : new Shape(Arrays.copyOf(text, most));
    }

    /** What stands between the {@code index}-th space and the next; empty past the end. */
    String word(int index) {
        int from = 0;
        for (int skipped = 0; skipped < index; skipped++) {
            int space = nextSpace(from);
            if (space == text.length) {
                return "";
            }
            from = space + 1;
        }
        return new String(text, from, nextSpace(from) - from, StandardCharsets.UTF_8);
    }

    private int nextSpace(int from) {
        int at = from;
        while (at < text.length && text[at] != ' ') {
            at++;
        }
        return at;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape that && hash == that.hash && Arrays.equals(text, that.text);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public int compareTo(Shape that) {
        return Arrays.compare(text, that.text);
    }

    @Override
    public String toString() {
        return new String(text, StandardCharsets.UTF_8);
    }
}
