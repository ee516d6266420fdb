package dev.pando.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The load test of 1,002,372 users on four shards, whose ring had 233,831 to 259,363 keys on a shard: 1.109. */
class SpreadTest {
    private static final int USERS = 1_002_372;
    private static final long SEED = 20261121;

    @Test
    void hashSpreadsEvenly() {
        Spread sequential = Spread.of(HashFunction.even(4, List.of(KeyType.INT8)), ids());
        Spread random = Spread.of(HashFunction.even(4, List.of(KeyType.UUID)), uuids());
        assertThat(sequential.total()).isEqualTo(USERS);
        assertThat(sequential.imbalance()).as("bigint %s", sequential.counts()).isLessThan(1.01);
        assertThat(random.imbalance())
                .as("uuid %s, seed %s", random.counts(), SEED)
                .isLessThan(1.01);
    }

    @Test
    void ringSpreadsBetterThanTheLoadTestDid() {
        Spread sequential = Spread.of(RingFunction.of(4, List.of(KeyType.INT8)), ids());
        Spread random = Spread.of(RingFunction.of(4, List.of(KeyType.UUID)), uuids());
        assertThat(sequential.imbalance()).as("bigint %s", sequential.counts()).isLessThan(1.109);
        assertThat(random.imbalance())
                .as("uuid %s, seed %s", random.counts(), SEED)
                .isLessThan(1.109);
    }

    private static Stream<Key> ids() {
        return IntStream.rangeClosed(1, USERS).mapToObj(Key.Int::new);
    }

    private static Stream<Key> uuids() {
        Random random = new Random(SEED);
        return IntStream.range(0, USERS).mapToObj(i -> new Key.Uuid(new UUID(random.nextLong(), random.nextLong())));
    }
}
