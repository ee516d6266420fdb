package dev.pando.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Answers of a PostgreSQL 15 server to {@code SELECT hashint8extended(42, 8816678312871386365)} and so on. */
class PostgresHashTest {
    private static final long SEED = PostgresHash.PARTITION_SEED;

    @Test
    void hashesIntegersAsPostgresDoes() {
        assertThat(PostgresHash.ofLong(42, SEED)).isEqualTo(7363975540656877951L);
        assertThat(PostgresHash.ofLong(-42, SEED)).isEqualTo(6660635123915733087L);
    }

    @Test
    void hashesUuidsAsPostgresDoes() {
        assertThat(PostgresHash.ofUuid(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"), SEED))
                .isEqualTo(-8699738442285490013L);
    }

    @Test
    void hashesTextAsPostgresDoes() {
        assertThat(PostgresHash.ofBytes("hello, world é😀".getBytes(StandardCharsets.UTF_8), SEED))
                .isEqualTo(7700796929672885396L);
        assertThat(PostgresHash.ofBytes(new byte[0], SEED)).isEqualTo(-5700645584453517373L);
    }
}
