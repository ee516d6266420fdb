package dev.pando.base.wire;

import static dev.pando.base.Fuzzing.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.base.Fuzzing;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What clients send. docs/fuzzing.md tells how to look for more. */
class FrontendDecoderFuzzTest {
    private static final Set<PandoError> CLEAN =
            EnumSet.of(PandoError.PROTOCOL_VIOLATION, PandoError.MESSAGE_TOO_LONG, PandoError.UNSUPPORTED_PROTOCOL);
    private static final int LIMIT = 1 << 16;

    /** Bytes that are no UTF-8 are read as this: such text cannot be written as it came. */
    private static final char REPLACED = '\ufffd';

    /** A packet is read or refused, and one that was read is written as it came unless it names a parameter twice. */
    @FuzzTest
    void startupPackets(byte[] input) {
        StartupPacket packet =
                Fuzzing.decoded(input.length, CLEAN, () -> FrontendCodec.decodeStartup(Unpooled.wrappedBuffer(input)));
        if (packet == null) {
            return;
        }
        byte[] again = Messages.encoded(packet);
        byte[] body = Arrays.copyOfRange(again, 4, again.length);
        StartupPacket reread = FrontendCodec.decodeStartup(Unpooled.wrappedBuffer(body));
        check(Arrays.equals(Messages.encoded(reread), again), "written and read, it is another packet");
        boolean faithful = !(packet instanceof StartupPacket.Startup startup)
                || (zeros(input) == 2 * startup.parameters().size() + 1
                        && startup.parameters().toString().indexOf(REPLACED) < 0);
        check(
                !faithful || Arrays.equals(body, input),
                "written, it is " + HexFormat.of().formatHex(body));
    }

    private static int zeros(byte[] packet) {
        int zeros = 0;
        for (int i = 4; i < packet.length; i++) {
            zeros += packet[i] == 0 ? 1 : 0;
        }
        return zeros;
    }

    /** What a connection makes of a stream is the same wherever the network cuts it, and messages are written as they came. */
    @FuzzTest
    void streams(byte[] input) {
        List<String> whole = Objects.requireNonNull(
                Fuzzing.decoded(input.length * 8, Set.of(), () -> outcome(new Reader(), input, input.length)));
        List<String> cut = outcome(new Reader(), input, 0);
        check(cut.equals(whole), "in pieces: " + cut + ", at once: " + whole);
    }

    /** {@code piece}: bytes that come at once, 0 for sizes by the input. */
    private static List<String> outcome(Reader reader, byte[] input, int piece) {
        for (int at = 0; at < input.length; ) {
            int size = piece == 0 ? Fuzzing.piece(input, at) : piece;
            reader.take(input, at, size);
            at += size;
        }
        reader.messages.add(reader.refusal == null ? "more to come" : reader.refusal);
        return reader.messages;
    }

    /** A connection in small. */
    private static final class Reader {
        private final FrameSplitter splitter = new FrameSplitter(LIMIT);
        private final ByteBuf stream = Unpooled.buffer();
        private final List<String> messages = new ArrayList<>();
        private @Nullable String refusal;

        private void take(byte[] input, int at, int size) {
            stream.writeBytes(input, at, size);
            try {
                while (refusal == null) {
                    int length = splitter.frameLength(stream);
                    if (length < 0 || length > stream.readableBytes()) {
                        return;
                    }
                    message(stream.readSlice(length));
                }
            } catch (PandoException e) {
                check(CLEAN.contains(e.error()), "refused as " + e.error());
                refusal = e.getMessage();
            }
        }

        private void message(ByteBuf frame) {
            byte[] came = ByteBufUtil.getBytes(frame);
            byte[] again = rewritten(came);
            if (!Arrays.equals(came, again)) {
                // Some name is no UTF-8. What was made of it is, and stays.
                check(
                        text(decoded(came)).indexOf(REPLACED) >= 0,
                        "written, it is " + HexFormat.of().formatHex(again));
                check(Arrays.equals(again, rewritten(again)), "written and read, it is another message");
            }
            messages.add(HexFormat.of().formatHex(again));
        }

        private static byte[] rewritten(byte[] frame) {
            return Messages.encoded(decoded(frame));
        }

        private static FrontendMessage decoded(byte[] frame) {
            return FrontendCodec.decode(frame[0], Unpooled.wrappedBuffer(frame).skipBytes(FrameSplitter.HEADER));
        }

        private static String text(FrontendMessage message) {
            return switch (message) {
                case FrontendMessage.Parse parse -> parse.statement();
                case FrontendMessage.Bind bind -> bind.portal() + bind.statement();
                case FrontendMessage.BrokenBind broken -> broken.portal() + broken.statement();
                case FrontendMessage.Describe describe -> describe.name();
                case FrontendMessage.Close close -> close.name();
                case FrontendMessage.Execute execute -> execute.portal();
                case FrontendMessage.CopyFail fail -> fail.reason();
                case FrontendMessage.Query _,
                        FrontendMessage.Sync _,
                        FrontendMessage.Flush _,
                        FrontendMessage.CopyData _,
                        FrontendMessage.CopyDone _,
                        FrontendMessage.FunctionCall _,
                        FrontendMessage.Credentials _,
                        FrontendMessage.Terminate _ -> "";
            };
        }
    }
}
