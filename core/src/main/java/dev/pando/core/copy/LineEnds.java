package dev.pando.core.copy;

/** The kind of line end, which the first line decides: as in PostgreSQL, a line end of another kind is an error afterwards. */
final class LineEnds {
    private enum Kind {
        UNKNOWN,
        NEWLINE,
        RETURN,
        RETURN_NEWLINE
    }

    private Kind kind = Kind.UNKNOWN;

    /**
     * The offset after the line end at {@code at}, where {@code data} has {@code \n} or {@code \r}; -1 when the next byte decides and is
     * not there yet.
     */
    int after(byte[] data, int at, int end, boolean last) {
        return data[at] == '\n' ? afterNewline(at) : afterReturn(data, at, end, last);
    }

    private int afterNewline(int at) {
        return switch (kind) {
            case UNKNOWN, NEWLINE -> {
                kind = Kind.NEWLINE;
                yield at + 1;
            }
            case RETURN, RETURN_NEWLINE -> throw new BadRow("literal newline found in data");
        };
    }

    private int afterReturn(byte[] data, int at, int end, boolean last) {
        return switch (kind) {
            case NEWLINE -> throw new BadRow("literal carriage return found in data");
            case RETURN -> at + 1;
            case UNKNOWN, RETURN_NEWLINE -> {
                if (at + 1 == end && !last) {
                    yield -1;
                }
                boolean newline = at + 1 < end && data[at + 1] == '\n';
                if (!newline && kind == Kind.RETURN_NEWLINE) {
                    throw new BadRow("literal carriage return found in data");
                }
                kind = newline ? Kind.RETURN_NEWLINE : Kind.RETURN;
                yield newline ? at + 2 : at + 1;
            }
        };
    }
}
