package dev.pando.core.copy;

import dev.pando.core.route.CopyShape;

/**
 * Rows of the text format: a backslash takes away the meaning of the byte after it, whatever that is, except at {@code \.}, the end
 * marker, which must stand on a line of its own.
 */
final class TextRows implements RowFinder {
    private static final byte[] NOTHING = {};

    private final KeyFields keys;
    private final byte delimiter;
    private final LineEnds lineEnds = new LineEnds();
    /** Bytes that are more than themselves. */
    private final boolean[] special = new boolean[256];

    private boolean headerDue;
    private Kind kind = Kind.ROW;
    /** How far the current row has been looked at, from its start. */
    private int looked;

    private int field;
    private int fieldStart;

    TextRows(CopyShape shape, KeyFields keys) {
        this.keys = keys;
        this.delimiter = (byte) shape.delimiter();
        this.headerDue = shape.header() != CopyShape.Header.NONE;
        for (char c : new char[] {'\n', '\r', '\\', shape.delimiter()}) {
            special[c] = true;
        }
    }

    @Override
    public int find(byte[] data, int start, int end, boolean last) {
        if (looked == 0) {
            keys.clear();
            field = 0;
            fieldStart = 0;
        }
        boolean[] stops = special;
        int at = start + looked;
        while (at < end) {
            byte c = data[at];
            if (!stops[c & 0xff]) {
                at++;
            } else if (c == delimiter) {
                keys.note(field++, fieldStart, at - start);
                fieldStart = ++at - start;
            } else if (c == '\\') {
                if (at + 1 == end && !last) {
                    break;
                }
                if (at + 1 < end && data[at + 1] == '.') {
                    return endMarker(data, start, at, end, last);
                }
                at = Math.min(at + 2, end);
            } else {
                int rowEnd = lineEnds.after(data, at, end, last);
                if (rowEnd < 0) {
                    break;
                }
                return found(start, at, rowEnd);
            }
        }
        looked = at - start;
        return last && end > start ? found(start, end, end) : -1;
    }

    private int found(int start, int lineEnd, int rowEnd) {
        keys.note(field, fieldStart, lineEnd - start);
        kind = headerDue ? Kind.EVERY_SHARD : Kind.ROW;
        headerDue = false;
        looked = 0;
        return rowEnd;
    }

    private int endMarker(byte[] data, int start, int at, int end, boolean last) {
        if (at != start) {
            throw new BadRow("end-of-copy marker is not alone on its line");
        }
        int after = at + 2;
        if (after == end) {
            if (!last) {
                looked = 0;
                return -1;
            }
        } else if (data[after] != '\n' && data[after] != '\r') {
            throw new BadRow("end-of-copy marker is not alone on its line");
        }
        kind = Kind.END;
        return after;
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
