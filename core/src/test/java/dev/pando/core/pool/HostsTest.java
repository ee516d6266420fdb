package dev.pando.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.core.topology.Address;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostsTest {
    private static final Address A = new Address("a", 1);
    private static final Address B = new Address("b", 1);
    private static final Address C = new Address("c", 1);

    @Test
    void balancedOnesTakeTurns() {
        Hosts hosts = new Hosts(List.of(A, B, C), true);
        assertThat(List.of(hosts.next(), hosts.next(), hosts.next(), hosts.next()))
                .containsExactly(A, B, C, A);
    }

    @Test
    void othersStayWithTheFirstThatCanBeReached() {
        Hosts hosts = new Hosts(List.of(A, B, C), false);
        assertThat(List.of(hosts.next(), hosts.next())).containsExactly(A, A);
        hosts.failed(A);
        // Two attempts were under way: one failure is one step.
        hosts.failed(A);
        assertThat(List.of(hosts.next(), hosts.next())).containsExactly(B, B);
        hosts.failed(B);
        hosts.failed(C);
        assertThat(hosts.next()).isEqualTo(A);
    }
}
