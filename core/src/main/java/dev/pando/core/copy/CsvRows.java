package dev.pando.core.copy;

import dev.pando.core.route.CopyShape;

/**
 * Rows of the CSV format: line ends and delimiters between quotes are data. A quote opens or closes anywhere in a field, as in
 * PostgreSQL; an escape counts between quotes only.
 *
 * <p>A line that holds just {@code \.} is refused: to PostgreSQL 17 and earlier it ends the data, to later ones it is a value.
 */
final class CsvRows implements RowFinder {
    private static final byte[] NOTHING = {};

    private final KeyFields keys;
    private final byte delimiter;
    private final byte quote;
    private final LineEnds lineEnds = new LineEnds();
    private final boolean[] special = new boolean[256];
    private final boolean[] specialQuoted = new boolean[256];

    private boolean headerDue;
    private Kind kind = Kind.ROW;
    private int looked;
    private int field;
    private int fieldStart;
    private boolean quoted;
    /** The byte before was an escape between quotes, not itself escaped; never so when quote and escape are the same. */
    private boolean escaped;

    CsvRows(CopyShape shape, KeyFields keys) {
        this.keys = keys;
        this.delimiter = (byte) shape.delimiter();
        this.quote = (byte) shape.quote();
        this.headerDue = shape.header() != CopyShape.Header.NONE;
        for (char c : new char[] {'\n', '\r', shape.delimiter(), shape.quote()}) {
            special[c] = true;
        }
        specialQuoted[shape.quote()] = true;
        specialQuoted[shape.escape()] = true;
    }

    @Override
    public int find(byte[] data, int start, int end, boolean last) {
        if (looked == 0) {
            keys.clear();
            field = 0;
            fieldStart = 0;
            quoted = false;
            escaped = false;
        }
        int at = start + looked;
        while (at < end) {
            if (quoted) {
                at = skipQuoted(data, at, end);
                continue;
            }
            byte c = data[at];
            if (!special[c & 0xff]) {
                at++;
            } else if (c == quote) {
                quoted = true;
                at++;
            } else if (c == delimiter) {
                keys.note(field++, fieldStart, at - start);
                fieldStart = ++at - start;
            } else {
                int rowEnd = lineEnds.after(data, at, end, last);
                if (rowEnd < 0) {
                    break;
                }
                return found(data, start, at, rowEnd);
            }
        }
        looked = at - start;
        if (!last || end == start) {
            return -1;
        }
        if (quoted) {
            throw new BadRow("unterminated CSV quoted field");
        }
        return found(data, start, end, end);
    }

    /** The offset after the closing quote, or {@code end}. */
    private int skipQuoted(byte[] data, int from, int end) {
        int at = from;
        while (at < end) {
            byte c = data[at++];
            if (escaped || !specialQuoted[c & 0xff]) {
                escaped = false;
            } else if (c == quote) {
                quoted = false;
                return at;
            } else {
                escaped = true;
            }
        }
        return at;
    }

    private int found(byte[] data, int start, int lineEnd, int rowEnd) {
        if (lineEnd - start == 2 && data[start] == '\\' && data[start + 1] == '.') {
            throw new BadRow("end-of-copy marker in CSV: quote it if it is a value, or leave it out");
        }
        keys.note(field, fieldStart, lineEnd - start);
        kind = headerDue ? Kind.EVERY_SHARD : Kind.ROW;
        headerDue = false;
        looked = 0;
        return rowEnd;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public int announced() {
        return 0;
    }

    @Override
    public byte[] trailer() {
        return NOTHING;
    }
}
