package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who keeps a message of a server has it as it was, wherever the network cuts the stream that comes after it. */
class ServerFramesTest {
    /** Keeps each of its messages, or every third. */
    private static final class Keeper implements ServerFrames.Reader {
        private final int every;
        private final List<ByteBuf> kept = new ArrayList<>();
        private final List<String> seen = new ArrayList<>();
        private final List<String> asTheyCame = new ArrayList<>();

        Keeper(int every) {
            this.every = every;
        }

        @Override
        public void message(byte type, ByteBuf frame) {
            String dump = ByteBufUtil.hexDump(frame);
            if (seen.size() % every == 0) {
                kept.add(frame.retain());
                asTheyCame.add(dump);
            }
            seen.add(dump);
        }

        @Override
        public void part(ByteBuf bytes, int left) {
            throw new AssertionError("none is long");
        }

        @Override
        public boolean takesInParts(byte type) {
            return false;
        }

        @Override
        public String name() {
            return "shard 0";
        }
    }

    private static byte[] message(int number) {
        byte[] frame = new byte[5 + number % 9];
        Arrays.fill(frame, (byte) number);
        frame[0] = 'D';
        frame[1] = 0;
        frame[2] = 0;
        frame[3] = 0;
        frame[4] = (byte) (frame.length - 1);
        return frame;
    }

    private static List<byte[]> messages() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            all.add(message(i));
        }
        return all;
    }

    private static byte[] joined(List<byte[]> messages) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        messages.forEach(stream::writeBytes);
        return stream.toByteArray();
    }

    /** Cut at each of the places, and read in buffers that have room for more. */
    private static void cut(int... places) {
        List<byte[]> messages = messages();
        byte[] stream = joined(messages);
        for (int every : List.of(1, 3)) {
            Keeper keeper = new Keeper(every);
            EmbeddedChannel channel = new EmbeddedChannel(new ServerFrames(keeper, 1_000));
            int from = 0;
            for (int place : places) {
                channel.writeInbound(Unpooled.buffer(1_024).writeBytes(stream, from, place - from));
                from = place;
            }
            channel.writeInbound(Unpooled.buffer(1_024).writeBytes(stream, from, stream.length - from));
            assertThat(keeper.seen)
                    .isEqualTo(messages.stream().map(ByteBufUtil::hexDump).toList());
            assertThat(keeper.kept.stream().map(ByteBufUtil::hexDump).toList()).isEqualTo(keeper.asTheyCame);
            channel.finish();
            keeper.kept.forEach(ByteBuf::release);
            assertThat(keeper.kept).allMatch(frame -> frame.refCnt() == 0);
        }
    }

    @Test
    void inTwoPiecesCutAnywhere() {
        int length = joined(messages()).length;
        for (int place = 1; place < length; place++) {
            cut(place);
        }
    }

    @Test
    void inThreePiecesCutAnywhere() {
        int length = joined(messages()).length;
        for (int first = 1; first < length - 1; first++) {
            for (int second = first + 1; second < length; second += 3) {
                cut(first, second);
            }
        }
    }

    @Test
    void byteByByte() {
        int length = joined(messages()).length;
        int[] everywhere = new int[length - 1];
        Arrays.setAll(everywhere, i -> i + 1);
        cut(everywhere);
    }
}
