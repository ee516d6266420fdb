package dev.pando.base.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdentifierTest {
    @Test
    void onlyTheLettersOfAsciiAreFolded() {
        assertThat(Identifier.folded("Users_2")).isEqualTo("users_2");
        assertThat(Identifier.folded("ÄrgerÖÜ")).isEqualTo("ÄrgerÖÜ");
        assertThat(Identifier.folded("İI")).isEqualTo("İi");
    }

    @Test
    void whatIsTooLongIsCutBetweenCharacters() {
        assertThat(Identifier.folded("X".repeat(64))).isEqualTo("x".repeat(63));
        assertThat(Identifier.cut("ä".repeat(32))).isEqualTo("ä".repeat(31));
        assertThat(Identifier.cut("x" + "ä".repeat(31))).isEqualTo("x" + "ä".repeat(31));
        assertThat(Identifier.cut("x".repeat(62) + "😀")).isEqualTo("x".repeat(62));
        assertThat(Identifier.cut("short")).isEqualTo("short");
    }
}
