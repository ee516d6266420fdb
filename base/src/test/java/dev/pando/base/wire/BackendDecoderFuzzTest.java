package dev.pando.base.wire;

import static dev.pando.base.Fuzzing.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.base.Fuzzing;
import dev.pando.base.error.PandoError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;

/** What servers send and Pando looks into. docs/fuzzing.md tells how to look for more. */
class BackendDecoderFuzzTest {
    private static final char REPLACED = '\ufffd';

    /** Columns are read or refused in the server's name, and written as they came. */
    @FuzzTest
    void rowDescriptions(byte[] input) {
        RowDescription columns = Fuzzing.decoded(
                input.length,
                EnumSet.of(PandoError.BACKEND_PROTOCOL),
                () -> RowDescription.decode(Unpooled.wrappedBuffer(input), "a"));
        if (columns == null) {
            return;
        }
        ByteBuf out = Unpooled.buffer();
        columns.encode(out);
        byte[] again = body(out);
        boolean faithful =
                columns.fields().stream().noneMatch(field -> field.name().indexOf(REPLACED) >= 0);
        check(
                !faithful || Arrays.equals(again, input),
                "written, it is " + HexFormat.of().formatHex(again));
        check(
                RowDescription.decode(Unpooled.wrappedBuffer(again), "a").equals(columns),
                "written and read, they differ");
    }

    /** An error is never refused, is the same when it is written and read, and is written as it came if it was well-formed. */
    @FuzzTest
    void errors(byte[] input) {
        ErrorFields error = Objects.requireNonNull(
                Fuzzing.decoded(input.length, Set.of(), () -> ErrorFields.decode(Unpooled.wrappedBuffer(input))));
        ByteBuf out = Unpooled.buffer();
        error.encode('E', out);
        byte[] again = body(out);
        check(ErrorFields.decode(Unpooled.wrappedBuffer(again)).equals(error), "written and read, they differ");
        check(error.asFatal().message().equals(error.message()), "the last words are others");
        boolean faithful =
                wellFormed(input) && error.fields().values().stream().noneMatch(value -> value.indexOf(REPLACED) >= 0);
        check(
                !faithful || Arrays.equals(again, input),
                "written, it is " + HexFormat.of().formatHex(again));
    }

    /** Fields of different codes, each with its zero, and the last zero at the end. */
    private static boolean wellFormed(byte[] error) {
        Set<Byte> codes = new HashSet<>();
        int at = 0;
        while (at < error.length && error[at] != 0) {
            if (!codes.add(error[at])) {
                return false;
            }
            while (at < error.length && error[at] != 0) {
                at++;
            }
            at++;
        }
        return at == error.length - 1;
    }

    private static byte[] body(ByteBuf message) {
        int length = new FrameSplitter(Integer.MAX_VALUE - 1).frameLength(message);
        check(
                length == message.readableBytes(),
                "it announces " + length + " of " + message.readableBytes() + " bytes");
        return ByteBufUtil.getBytes(message.skipBytes(FrameSplitter.HEADER));
    }
}
