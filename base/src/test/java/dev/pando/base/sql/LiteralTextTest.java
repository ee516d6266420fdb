package dev.pando.base.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiteralTextTest {
    private static @Nullable String value(String literal) {
        ShapedSql shaped = new Shaper().shape(literal.getBytes(StandardCharsets.UTF_8));
        assertThat(shaped.slots()).isEqualTo(1);
        return shaped.value(shaped.first(0));
    }

    @Test
    void plainStrings() {
        assertThat(value("'it''s'")).isEqualTo("it's");
        assertThat(value("''")).isEmpty();
        assertThat(value("'a\\n'")).isEqualTo("a\\n");
        assertThat(value("'a'\n  'b''c' -- x\n 'd'")).isEqualTo("ab'cd");
        assertThat(value("'é😀'")).isEqualTo("é😀");
        assertThat(value("$$a'b$$")).isEqualTo("a'b");
        assertThat(value("$tag$ $$ $tag$")).isEqualTo(" $$ ");
        assertThat(value("B'0101'")).isEqualTo("0101");
        assertThat(value("x'1F'")).isEqualTo("1F");
    }

    @Test
    void escapes() {
        assertThat(value("E'a\\tb\\\\c\\'d''e'")).isEqualTo("a\tb\\c'd'e");
        assertThat(value("e'\\101\\x42\\x4A\\u0043\\U0001F600\\q'")).isEqualTo("ABJC😀q");
        assertThat(value("E'\\ud83d\\ude00'")).isEqualTo("😀");
        assertThat(value("E'\\xc3\\xa9'")).isEqualTo("é");
        assertThat(value("E'a'\n'\\n'")).isEqualTo("a\n");
        assertThat(value("E'\\xZ'")).isEqualTo("xZ");
    }

    @Test
    void refusedEscapesHaveNoValue() {
        assertThat(value("E'\\xff'")).isNull();
        assertThat(value("E'\\u12'")).isNull();
        assertThat(value("E'\\ud83d'")).isNull();
        assertThat(value("E'\\ud83dx'")).isNull();
        assertThat(value("E'\\ude00'")).isNull();
        assertThat(value("E'\\000'")).isNull();
        assertThat(value("E'\\U00110000'")).isNull();
        assertThat(value("U&'\\12'")).isNull();
        assertThat(value("U&'x' UESCAPE 'a'")).isNull();
        assertThat(value("U&'x' UESCAPE '!!'")).isNull();
    }

    @Test
    void unicodeStrings() {
        assertThat(value("U&'d\\0061t\\+000061'")).isEqualTo("data");
        assertThat(value("U&'d!0061t!!\\' UESCAPE '!'")).isEqualTo("dat!\\");
        assertThat(value("U&'\\d83d\\de00'''")).isEqualTo("😀'");
        assertThat(value("U&'\\\\'")).isEqualTo("\\");
    }

    @Test
    void numbers() {
        assertThat(value("1_000")).isEqualTo("1000");
        assertThat(value("0x1F")).isEqualTo("31");
        assertThat(value("0xFFFFFFFFFFFFFFFF")).isEqualTo("18446744073709551615");
        assertThat(value("0o17")).isEqualTo("15");
        assertThat(value("0b_1_0")).isEqualTo("2");
        assertThat(value("007")).isEqualTo("007");
        assertThat(value("1_0.2_5e1_0")).isEqualTo("10.25e10");
        assertThat(value(".5")).isEqualTo(".5");
    }
}
