package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Outbox outbox = new Outbox(channel, new SpareBuffer());

    private static ByteBuf message(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Unpooled.wrappedBuffer(bytes);
    }

    /** What the socket was given, one buffer per write. */
    private List<ByteBuf> sent() {
        List<ByteBuf> all = new ArrayList<>();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.add(next);
        }
        return all;
    }

    @Test
    void anAnswerOfSmallMessagesIsOneWrite() {
        for (String part : List.of("T", "D", "D", "C", "Z")) {
            outbox.write(Unpooled.copiedBuffer(part.getBytes(StandardCharsets.US_ASCII)));
        }
        assertThat(sent()).as("before the flush").isEmpty();
        outbox.flush();
        assertThat(sent()).singleElement().satisfies(buffer -> {
            assertThat(buffer.toString(StandardCharsets.US_ASCII)).isEqualTo("TDDCZ");
            buffer.release();
        });
        outbox.flush();
        assertThat(sent()).as("nothing twice").isEmpty();
    }

    @Test
    void whateverTheSizesTheBytesKeepTheirOrderAndEveryBufferIsGivenBack() {
        long seed = 20261121;
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            ByteBuf expected = Unpooled.buffer();
            List<ByteBuf> written = new ArrayList<>();
            for (int i = random.nextInt(20); i >= 0; i--) {
                ByteBuf message = message(random, 1 + random.nextInt(random.nextInt(5) == 0 ? 20_000 : 900));
                expected.writeBytes(message.duplicate());
                written.add(message);
                outbox.write(message);
                if (random.nextInt(6) == 0) {
                    outbox.flush();
                }
            }
            outbox.flush();
            ByteBuf actual = Unpooled.buffer();
            sent().forEach(buffer -> {
                actual.writeBytes(buffer);
                buffer.release();
            });
            assertThat(actual).as("seed %d, round %d", seed, round).isEqualTo(expected);
            assertThat(written).as("seed %d, round %d", seed, round).allMatch(message -> message.refCnt() == 0);
        }
    }

    @Test
    void whatIsPendingWhenTheSocketGoesIsGivenBack() {
        Random random = new Random(1);
        ByteBuf alone = message(random, 10);
        outbox.write(alone);
        outbox.release();
        assertThat(alone.refCnt()).isZero();
        outbox.flush();
        assertThat(sent()).isEmpty();
    }
}
