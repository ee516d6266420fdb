package dev.pando.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnitsTest {
    @Test
    void readsDurationsAndSizes() throws BadValue {
        assertThat(Units.duration("10s")).isEqualTo(Duration.ofSeconds(10));
        assertThat(Units.duration("2 min")).isEqualTo(Duration.ofMinutes(2));
        assertThat(Units.size("64MB")).isEqualTo(64L << 20);
        assertThat(Units.size("1kb")).isEqualTo(1024);
    }

    @Test
    void printsWhatItReads() throws BadValue {
        for (String text : new String[] {"0s", "1ms", "1500ms", "10s", "90s", "10min", "25h", "2d"}) {
            assertThat(Units.print(Units.duration(text))).isEqualTo(text);
        }
        for (String text : new String[] {"0B", "1B", "1kB", "64MB", "1025kB", "3GB"}) {
            assertThat(Units.print(Units.size(text))).isEqualTo(text);
        }
    }

    @Test
    void refusesWhatIsNoAmountOrTooMuch() {
        assertThatThrownBy(() -> Units.duration("ten")).hasMessageContaining("is not a duration such as \"10s\"");
        assertThatThrownBy(() -> Units.duration("5m")).hasMessageContaining("unknown unit \"m\"");
        assertThatThrownBy(() -> Units.size("999999999999999999GB")).hasMessageContaining("is too large");
        assertThatThrownBy(() -> Units.duration("999999999999999999d")).hasMessageContaining("is too long");
    }
}
