package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DateStyleTest {
    @Test
    void aHalfLeavesTheOtherAsItWas() {
        assertThat(DateStyle.after("SET datestyle TO ISO, MDY", "SET datestyle TO ymd"))
                .isEqualTo(Settings.sql("datestyle", "iso, ymd"));
        assertThat(DateStyle.after(Settings.sql("DateStyle", "Postgres, DMY"), "set DateStyle = 'SQL'"))
                .isEqualTo(Settings.sql("datestyle", "sql, dmy"));
    }

    @Test
    void germanBringsItsOrder() {
        assertThat(DateStyle.after("SET datestyle TO ISO, YMD", "SET datestyle TO German"))
                .isEqualTo(Settings.sql("datestyle", "german, dmy"));
    }

    @Test
    void bothHalvesReplaceWhatWasBefore() {
        assertThat(DateStyle.after("SET datestyle TO ISO, YMD", "SET datestyle TO 'German, MDY'"))
                .isEqualTo("SET datestyle TO 'German, MDY'");
        assertThat(DateStyle.after(null, "SET datestyle TO ymd")).isEqualTo("SET datestyle TO ymd");
    }
}
