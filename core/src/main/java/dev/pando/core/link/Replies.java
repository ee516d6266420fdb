package dev.pando.core.link;

import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrameSplitter;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Small readings of server messages given as whole frames. */
public final class Replies {
    private Replies() {}

    public static ByteBuf body(ByteBuf frame) {
        return frame.slice(frame.readerIndex() + FrameSplitter.HEADER, frame.readableBytes() - FrameSplitter.HEADER);
    }

    public static ErrorFields errorOf(ByteBuf frame) {
        return ErrorFields.decode(body(frame));
    }

    /** The tag of a CommandComplete. */
    public static String tagOf(ByteBuf frame) {
        return frame.toString(
                frame.readerIndex() + FrameSplitter.HEADER,
                Math.max(0, frame.readableBytes() - FrameSplitter.HEADER - 1),
                StandardCharsets.UTF_8);
    }

    /** The row count at a tag's end, 0 when it has none. */
    public static long rowsOf(String tag) {
        String number = tag.substring(tag.lastIndexOf(' ') + 1);
        return !number.isEmpty() && number.chars().allMatch(Character::isDigit) ? Long.parseLong(number) : 0;
    }

    /** The row count of a CommandComplete, 0 when it has none. */
    public static long rowsOf(ByteBuf frame) {
        long rows = 0;
        long place = 1;
        int at = frame.writerIndex() - 2;
        while (at > frame.readerIndex() + FrameSplitter.HEADER && digit(frame.getByte(at))) {
            rows += (frame.getByte(at) - '0') * place;
            place *= 10;
            at--;
        }
        return frame.getByte(Math.max(at, frame.readerIndex())) == ' ' ? rows : 0;
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The same command with another row count: {@code INSERT 0 5}, {@code UPDATE 7}. */
    public static String withRows(String tag, long rows) {
        int space = tag.lastIndexOf(' ');
        return space < 0 ? tag : tag.substring(0, space + 1) + rows;
    }
}
