package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final List<String> dropped = new ArrayList<>();
    private final Admission<String> admission = new Admission<>(2, 3, dropped::add);

    @Test
    void aCrowdIsServedInOrder() {
        admission.arrived("a", 0);
        admission.arrived("b", 0);
        admission.arrived("c", SECOND / 2);

        assertThatThrownBy(() -> admission.arrived("d", SECOND - 1))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("too many clients already: 3 are logging in");
        assertThat(dropped).isEmpty();
        admission.loggedIn("b", false);
        admission.arrived("e", SECOND - 1);
    }

    @Test
    void whoSaysNothingLosesItsPlaceAfterASecond() {
        admission.arrived("a", 0);
        admission.arrived("b", 1);
        admission.arrived("c", 2);

        admission.arrived("d", SECOND);
        admission.arrived("e", SECOND + 1);

        assertThat(dropped).containsExactly("a", "b");
        admission.gone("a");
        assertThatThrownBy(() -> admission.arrived("f", SECOND + 1)).isInstanceOf(PandoException.class);
    }

    @Test
    void clientsAreCountedWhenTheyHaveLoggedIn() {
        for (String name : List.of("a", "b", "c")) {
            admission.arrived(name, 0);
        }
        admission.loggedIn("a", false);
        admission.loggedIn("b", false);

        assertThatThrownBy(() -> admission.loggedIn("c", false))
                .isInstanceOf(PandoException.class)
                .hasMessage("sorry, too many clients already: 2 of 2 (PD2001)");
        admission.loggedIn("c", true);
        assertThat(admission.clients()).isEqualTo(3);
        admission.gone("a");
        admission.arrived("d", 0);
        admission.loggedIn("d", false);
    }

    @Test
    void whoWasDroppedTakesNoPlace() {
        for (String name : List.of("a", "b", "c")) {
            admission.arrived(name, 0);
        }
        admission.arrived("d", SECOND);
        admission.loggedIn("a", false);
        admission.gone("a");

        assertThat(admission.clients()).isZero();
    }
}
