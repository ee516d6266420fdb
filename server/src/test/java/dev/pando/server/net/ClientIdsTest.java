package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientIdsTest {
    @Test
    void idsArePositiveAndTellTheNode() {
        ClientIds ids = new ClientIds(1023, id -> false);
        for (int i = 0; i < 1000; i++) {
            int id = ids.next();
            assertThat(id).isPositive();
            assertThat(ClientIds.node(id)).isEqualTo(1023);
        }
        assertThat(new ClientIds(0, id -> false).next()).isEqualTo(1);
    }

    @Test
    void anIdComesAgainOnlyWhenItsClientIsGone() {
        Set<Integer> taken = new HashSet<>();
        ClientIds ids = new ClientIds(5, taken::contains);
        int first = ids.next();
        taken.add(first);
        for (int i = 0; i < 3_000_000; i++) {
            int next = ids.next();
            if (next == first || next == 5 << 21) {
                throw new AssertionError(next + " was given out again");
            }
        }
    }
}
