package dev.pando.base.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement taken apart by {@link Shaper}: its shape and where its literals are. Immutable as long as nobody changes the bytes it was
 * made from. All offsets count bytes from the statement's first byte, as locations in parse trees do.
 */
public final class ShapedSql {
    /** Ints per literal in {@link #places}: kind, start, end, slot. */
    static final int STRIDE = 4;

    private static final Literal.Kind[] KINDS = Literal.Kind.values();

    private final byte[] sql;
    private final int offset;
    private final int length;
    private final Shape shape;
    private final int[] places;
    private final Facts facts;

    /** What the tokens tell besides shape and literals. */
    record Facts(
            int slots,
            int parameters,
            boolean multiple,
            @Nullable LexProblem problem,
            int problemAt) {}

    ShapedSql(byte[] sql, int offset, int length, Shape shape, int[] places, Facts facts) {
        this.sql = sql;
        this.offset = offset;
        this.length = length;
        this.shape = shape;
        this.places = places;
        this.facts = facts;
    }

    public Shape shape() {
        return shape;
    }

    /** Bytes of the statement. */
    public int length() {
        return length;
    }

    /** Number of slots: each literal is one, and each folded IN list is one. */
    public int slots() {
        return facts.slots;
    }

    /** Number of literals in all slots. */
    public int literals() {
        return places.length / STRIDE;
    }

    /** The highest n of {@code $n} in the text, 0 without any. */
    public int parameters() {
        return facts.parameters;
    }

    /** Whether something follows a {@code ;}: several statements, or one with statements inside (BEGIN ATOMIC, CREATE RULE). */
    public boolean multiple() {
        return facts.multiple;
    }

    /** Whether nothing but white space, comments and semicolons is there. */
    public boolean empty() {
        return shape.bytes() == 0;
    }

    /** The {@code index}-th token in lower case, as long as those before it hold no spaces (keywords don't); empty past the end. */
    public String word(int index) {
        return shape.word(index);
    }

    /** Why PostgreSQL's lexer will refuse the text, null when it will not. The shape then covers what could be read. */
    public @Nullable LexProblem problem() {
        return facts.problem;
    }

    /** Where the refused token begins; meaningful with a {@link #problem()} only. */
    public int problemAt() {
        return facts.problemAt;
    }

    /** The literals of a slot: one, or those of an IN list in their order. */
    public List<Literal> slot(int slot) {
        List<Literal> found = new ArrayList<>(1);
        for (int i = firstOf(slot); i < literals() && place(i, 3) == slot; i++) {
            found.add(literal(i));
        }
        return found;
    }

    /** Whether a slot holds several literals: those of an IN list. */
    public boolean folded(int slot) {
        int next = firstOf(slot) + 1;
        return next < literals() && place(next, 3) == slot;
    }

    /** The first literal of a slot: the only one, unless the slot is an IN list. */
    public Literal first(int slot) {
        return literal(firstOf(slot));
    }

    /**
     * The slot of the literal that covers the byte, or whose sign is there: a parser places {@code -5} at its minus. Look at the byte to
     * tell which; within a folded IN list the literal itself begins with the sign. -1 when no literal is there.
     */
    public int slotAt(int byteOffset) {
        int low = 0;
        int high = literals() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (place(middle, 2) <= byteOffset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        if (low == literals()) {
            return -1;
        }
        boolean covers = place(low, 1) <= byteOffset;
        return covers || signedAt(byteOffset, place(low, 1)) ? place(low, 3) : -1;
    }

    /** Whether the byte is a minus sign, as at the location of a negative constant. */
    public boolean negativeAt(int byteOffset) {
        return byteOffset >= 0 && byteOffset < length && sql[offset + byteOffset] == '-';
    }

    /** The literal's value as text, null when PostgreSQL would refuse the literal; see {@link LiteralText}. */
    public @Nullable String value(Literal literal) {
        return LiteralText.value(sql, offset, literal);
    }

    private boolean signedAt(int from, int literalStart) {
        if (!negativeAt(from)) {
            return false;
        }
        SqlLexer lexer = new SqlLexer();
        lexer.reset(sql, offset + from + 1, length - from - 1);
        lexer.next();
        return from + 1 + lexer.start() == literalStart;
    }

    private int firstOf(int slot) {
        if (slot < 0 || slot >= facts.slots) {
            throw new IndexOutOfBoundsException("slot " + slot + " of " + facts.slots);
        }
        int low = 0;
        int high = literals() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (place(middle, 3) < slot) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Literal literal(int index) {
        return new Literal(KINDS[place(index, 0)], place(index, 1), place(index, 2));
    }

    private int place(int index, int field) {
        return places[index * STRIDE + field];
    }
}
