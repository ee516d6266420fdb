package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.core.route.Command.Fetch;
import dev.pando.core.route.Command.Fetch.Direction;
import org.junit.jupiter.api.Test;

/** What a FETCH asks of a cursor that goes forward only. */
class CursorPositionTest {
    private final CursorPosition position = new CursorPosition();

    private CursorPosition.Step fetch(Direction direction, long count) {
        return position.step(new Fetch("c", direction, count, false));
    }

    private CursorPosition.Step move(Direction direction, long count) {
        return position.step(new Fetch("c", direction, count, true));
    }

    private static CursorPosition.Step forward(long skip, long take) {
        return new CursorPosition.Step.Forward(skip, take);
    }

    @Test
    void absoluteAndRelativeLeaveOutWhatIsBetween() {
        assertThat(fetch(Direction.ABSOLUTE, 1)).isEqualTo(forward(0, 1));
        position.moved(3, false);
        assertThat(fetch(Direction.ABSOLUTE, 4)).isEqualTo(forward(0, 1));
        assertThat(fetch(Direction.ABSOLUTE, 10)).isEqualTo(forward(6, 1));
        assertThat(fetch(Direction.RELATIVE, 2)).isEqualTo(forward(1, 1));
        position.moved(2, true);
        assertThat(fetch(Direction.ABSOLUTE, 7)).isEqualTo(forward(0, 1));
    }

    @Test
    void whatGoesBackIsRefused() {
        position.moved(3, false);
        assertThatThrownBy(() -> fetch(Direction.BACKWARD, 1)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> fetch(Direction.FORWARD, -1)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> fetch(Direction.ABSOLUTE, 3)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> fetch(Direction.ABSOLUTE, -1)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> fetch(Direction.RELATIVE, -1)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> move(Direction.BACKWARD, Fetch.ALL)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> fetch(Direction.FORWARD, 0)).isInstanceOf(Refusal.class);
    }

    @Test
    void backOfBackIsForward() {
        assertThat(fetch(Direction.BACKWARD, -2)).isEqualTo(forward(0, 2));
    }

    @Test
    void moveOfNothingTellsWhetherItIsOnARow() {
        assertThat(move(Direction.FORWARD, 0)).isEqualTo(new CursorPosition.Step.Stay(0));
        position.moved(1, false);
        assertThat(move(Direction.RELATIVE, 0)).isEqualTo(new CursorPosition.Step.Stay(1));
        position.moved(0, true);
        assertThat(move(Direction.FORWARD, 0)).isEqualTo(new CursorPosition.Step.Stay(0));
    }

    @Test
    void theBeginningIsReachedFromThere() {
        assertThat(move(Direction.BACKWARD, Fetch.ALL)).isEqualTo(new CursorPosition.Step.Stay(0));
        assertThat(fetch(Direction.ABSOLUTE, 0)).isEqualTo(new CursorPosition.Step.Stay(0));
    }
}
