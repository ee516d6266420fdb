package dev.pando.base.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameSplitterTest {
    private static final long SEED = 7L;

    /** The messages found when the bytes come in two parts, the first of {@code cut} bytes. */
    private static List<byte[]> split(byte[] stream, int cut) {
        var splitter = new FrameSplitter(1_000);
        List<byte[]> found = new ArrayList<>();
        ByteBuf arrived = Unpooled.buffer();
        int fed = 0;
        for (int end : new int[] {cut, stream.length}) {
            arrived.writeBytes(stream, fed, end - fed);
            fed = end;
            int length = splitter.frameLength(arrived);
            while (length > 0 && length <= arrived.readableBytes()) {
                found.add(ByteBufUtil.getBytes(arrived.readSlice(length)));
                length = splitter.frameLength(arrived);
            }
        }
        assertThat(arrived.isReadable()).isFalse();
        return found;
    }

    @Test
    void messagesAreFoundHoweverTheStreamIsCut() {
        var random = new Random(SEED);
        ByteBuf stream = Unpooled.buffer();
        List<byte[]> messages = new ArrayList<>();
        for (int kind = 0; kind < Messages.KINDS; kind++) {
            byte[] message = Messages.encoded(Messages.any(random, kind));
            messages.add(message);
            stream.writeBytes(message);
        }
        byte[] all = ByteBufUtil.getBytes(stream);
        for (int cut = 0; cut <= all.length; cut++) {
            assertThat(split(all, cut)).as("seed %s, cut at %s", SEED, cut).containsExactlyElementsOf(messages);
        }
    }

    @Test
    void lengthsThatCannotBeAreRefusedByTheHeaderAlone() {
        var splitter = new FrameSplitter(1_000);
        refused(splitter, 1_001, PandoError.MESSAGE_TOO_LONG, "'Q' announces 1001 bytes, the limit is 1000");
        refused(splitter, Integer.MAX_VALUE, PandoError.MESSAGE_TOO_LONG, "announces 2147483647 bytes");
        refused(splitter, 3, PandoError.PROTOCOL_VIOLATION, "announces length 3");
        refused(splitter, 0, PandoError.PROTOCOL_VIOLATION, "announces length 0");
        refused(splitter, -1, PandoError.PROTOCOL_VIOLATION, "announces length -1");
        refused(splitter, Integer.MIN_VALUE, PandoError.PROTOCOL_VIOLATION, "announces length -2147483648");
        assertThat(splitter.frameLength(header(1_000))).isEqualTo(1_001);
        assertThat(splitter.frameLength(header(4))).isEqualTo(5);
        assertThat(splitter.frameLength(header(4).writerIndex(4))).isEqualTo(-1);
    }

    @Test
    void aLimitThatLimitsNothingIsRefused() {
        assertThatThrownBy(() -> new FrameSplitter(Integer.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FrameSplitter(3)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ByteBuf header(int length) {
        return Unpooled.buffer().writeByte('Q').writeInt(length);
    }

    private static void refused(FrameSplitter splitter, int length, PandoError error, String why) {
        ByteBuf in = header(length);
        assertThatThrownBy(() -> splitter.frameLength(in))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContaining(why);
        assertThat(in.readerIndex()).isZero();
    }
}
