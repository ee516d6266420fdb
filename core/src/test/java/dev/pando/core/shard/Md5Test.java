package dev.pando.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Md5Test {
    private static final long SEED = 20261121;

    @Test
    void agreesWithTheJdkAtEveryLengthAroundTheBlocks() throws Exception {
        Random random = new Random(SEED);
        for (int length = 0; length < 300; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            byte[] expected = MessageDigest.getInstance("MD5").digest(bytes);
            assertThat(Md5.of(bytes).hex())
                    .as("length %s", length)
                    .isEqualTo(HexFormat.of().formatHex(expected));
            assertThat(Md5.of(bytes).firstEight())
                    .isEqualTo(ByteBuffer.wrap(expected).getLong());
        }
    }

    @Test
    void takesLongsAsTheirBytes() {
        Random random = new Random(SEED);
        for (int i = 0; i < 1000; i++) {
            long first = random.nextLong();
            long second = random.nextLong();
            byte[] one = ByteBuffer.allocate(8).putLong(first).array();
            byte[] two = ByteBuffer.allocate(16).putLong(first).putLong(second).array();
            assertThat(Md5.ofLong(first).hex()).isEqualTo(Md5.of(one).hex());
            assertThat(Md5.ofLongs(first, second).hex()).isEqualTo(Md5.of(two).hex());
        }
    }
}
