package dev.pando.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

    private static ByteBuf bytes(String text) {
        ByteBuf out = ALLOCATOR.buffer();
        out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        return out;
    }

    @Test
    void cutsTheSameMessagesWhereverTheBytesAreSplit() {
        String stream = "2\0\0\0\4" + "C\0\0\0\17INSERT 0 1\0" + "Z\0\0\0\5I";
        for (int split = 0; split <= stream.length(); split++) {
            Frames frames = new Frames(Frames.MAX_BYTES);
            List<String> seen = new ArrayList<>();
            for (String part : List.of(stream.substring(0, split), stream.substring(split))) {
                frames.read(ALLOCATOR, bytes(part), (type, body) -> {
                    seen.add((char) type + body.toString(StandardCharsets.ISO_8859_1));
                    return true;
                });
            }
            assertThat(seen).as("split at %d", split).containsExactly("2", "CINSERT 0 1\0", "ZI");
            frames.release();
        }
    }

    @Test
    void aLengthNobodyWouldSendIsRefusedBeforeItIsBuffered() {
        for (String bad : List.of("D\177\377\377\377", "D\0\0\0\3", "D\377\377\377\377")) {
            ByteBuf in = bytes(bad);
            assertThatThrownBy(() -> new Frames(Frames.MAX_BYTES).read(ALLOCATOR, in, (type, body) -> true))
                    .isInstanceOf(Frames.BadFrame.class);
            assertThat(in.refCnt()).isZero();
        }
    }

    @Test
    void nothingIsKeptOnceNobodyWantsMore() {
        ByteBuf in = bytes("Z\0\0\0\5I" + "Z\0\0");
        new Frames(Frames.MAX_BYTES).read(ALLOCATOR, in, (type, body) -> false);
        assertThat(in.refCnt()).isZero();
    }
}
