package dev.pando.base.sql;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Rewrites a statement by replacing stretches of its text, so that everything else stays byte for byte what the client wrote. */
public final class Splice {
    private Splice() {}

    /** Bytes {@code [start, end)}, counted from the statement's first byte, become {@code replacement}; an insertion has start = end. */
    public record Edit(int start, int end, String replacement) {}

    /** Applies edits that are in order and do not overlap; several insertions at one place keep their order. */
    public static byte[] apply(byte[] sql, int offset, int length, List<Edit> edits) {
        var out = new ByteArrayOutputStream(length + 64);
        int done = 0;
        for (Edit edit : edits) {
            if (edit.start() < done || edit.end() < edit.start() || edit.end() > length) {
                throw new PandoException(
                        PandoError.BUG,
                        "edit of bytes " + edit.start() + " to " + edit.end() + " after byte " + done + " of "
                                + length);
            }
            out.write(sql, offset + done, edit.start() - done);
            out.writeBytes(edit.replacement().getBytes(StandardCharsets.UTF_8));
            done = edit.end();
        }
        out.write(sql, offset + done, length - done);
        return out.toByteArray();
    }

    public static byte[] apply(byte[] sql, List<Edit> edits) {
        return apply(sql, 0, sql.length, edits);
    }
}
