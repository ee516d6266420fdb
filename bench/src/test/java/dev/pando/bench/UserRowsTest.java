package dev.pando.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UserRowsTest {
    @Test
    void theSameSeedMakesTheSameUsersInAnyOrder() {
        UserRows rows = new UserRows(7);
        StringBuilder first = new StringBuilder();
        rows.append(first, 41);
        StringBuilder again = new StringBuilder();
        new UserRows(7).append(again, 41);
        assertThat(again).hasToString(first.toString());
        assertThat(new UserRows(8).id(41)).isNotEqualTo(rows.id(41));
        assertThat(first.toString().split("\t")).hasSize(5).contains("user41@example.org");
        assertThat(first.toString()).endsWith("Z\n").doesNotContain("\\");
    }

    @Test
    void keysAreRandomUuidsAndNeverMeet() {
        UserRows rows = new UserRows(1);
        Set<UUID> seen = new HashSet<>();
        int[] high = new int[16];
        for (int i = 0; i < 100_000; i++) {
            UUID id = rows.id(i);
            assertThat(seen.add(id)).isTrue();
            assertThat(id.version()).isEqualTo(4);
            assertThat(id.variant()).isEqualTo(2);
            high[(int) (id.getMostSignificantBits() >>> 60)]++;
        }
        for (int count : high) {
            assertThat(count).isBetween(5_900, 6_600);
        }
    }
}
