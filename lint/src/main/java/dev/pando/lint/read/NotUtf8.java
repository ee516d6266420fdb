package dev.pando.lint.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** Where a text in another encoding shows that it is none in UTF-8. */
public final class NotUtf8 {
    private static final int PIECE = 64 << 10;

    private NotUtf8() {}

    /** The place of the first wrong byte and the way out, in words. */
    public static String words(InputStream in) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.allocate(PIECE);
        CharBuffer chars = CharBuffer.allocate(PIECE);
        long offset = 0;
        long line = 1;
        String encoding = "LATIN1";
        while (true) {
            int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
            bytes.position(bytes.position() + Math.max(0, count)).flip();
            if (offset == 0 && bytes.limit() > 1 && (bytes.get(0) & bytes.get(1) & 0xff) == 0xfe) {
                encoding = "UTF-16";
            }
            boolean wrong = decoder.decode(bytes, chars.clear(), count < 0).isError();
            for (int i = 0; i < bytes.position(); i++) {
                line += bytes.get(i) == '\n' ? 1 : 0;
            }
            offset += bytes.position();
            if (wrong || count < 0) {
                return "line " + line + ", byte " + offset + " is not UTF-8; convert it, as with iconv -f " + encoding
                        + " -t UTF-8";
            }
            bytes.compact();
        }
    }
}
