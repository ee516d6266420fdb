package dev.pando.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Rows of several sessions share the memory that there is, by the bytes of the protocol. */
class AnswerSpaceTest {
    private static final int ROW = 300_000;
    private static final AnswerFilter.Listener NOBODY = new AnswerFilter.Listener() {
        @Override
        public void process(int pid) {}

        @Override
        public void answered() {}
    };

    private final AnswerSpace space = new AnswerSpace(2 << 20, 3 << 20);

    private static byte[] message(char type, int length) {
        return ByteBuffer.allocate(5 + length)
                .put((byte) type)
                .putInt(4 + length)
                .array();
    }

    /** Up to the end of its rows, so that the session holds them. */
    private static byte[] answer(int rows) {
        ByteBuffer all = ByteBuffer.allocate(rows * (ROW + 5) + 6);
        for (int i = 0; i < rows; i++) {
            all.put(message('D', ROW));
        }
        return all.put(message('C', 1)).array();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static String read(AnswerSpace.Share share, byte[] bytes) throws IOException {
        byte[] read = new AnswerFilter(new ByteArrayInputStream(bytes), NOBODY, share).readAllBytes();
        return read.length == bytes.length
                ? "whole"
                : new String(read, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
    }

    @Test
    void oneSessionHasItsOwnLimit() throws IOException {
        var share = space.new Share();
        assertThat(read(share, answer(6))).isEqualTo("whole");
        assertThat(read(share, answer(2))).contains("the answer is longer than 2 MB");
    }

    @Test
    void allSessionsTogetherHaveOne() throws IOException {
        var first = space.new Share();
        var second = space.new Share();
        assertThat(read(first, answer(6))).isEqualTo("whole");
        assertThat(read(second, answer(6))).contains("of all sessions at once are longer than 3 MB");
        second.giveBack();
        assertThat(read(second, answer(4))).isEqualTo("whole");
    }

    @Test
    void whatIsAnsweredOrClosedMakesRoom() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(read(space.new Share(), joined(answer(6), message('Z', 1))))
                    .isEqualTo("whole");
        }
        for (int i = 0; i < 5; i++) {
            try (var share = space.new Share()) {
                assertThat(read(share, answer(6))).isEqualTo("whole");
            }
        }
        var late = space.new Share();
        late.close();
        assertThat(read(late, answer(6))).isEqualTo("whole"); // of a socket that is gone, by whom it was being read
        assertThat(read(space.new Share(), answer(6))).isEqualTo("whole");
    }
}
