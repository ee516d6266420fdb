package dev.pando.base.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class QuoteTest {
    @Test
    void namesAreQuotedWhenTheyMust() {
        assertThat(Quote.identifier("users")).isEqualTo("users");
        assertThat(Quote.identifier("_a1")).isEqualTo("_a1");
        assertThat(Quote.identifier("name")).isEqualTo("name");
        assertThat(Quote.identifier("user")).isEqualTo("\"user\"");
        assertThat(Quote.identifier("Users")).isEqualTo("\"Users\"");
        assertThat(Quote.identifier("a$b")).isEqualTo("\"a$b\"");
        assertThat(Quote.identifier("1a")).isEqualTo("\"1a\"");
        assertThat(Quote.identifier("ä")).isEqualTo("\"ä\"");
        assertThat(Quote.identifier("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(Quote.identifier("")).isEqualTo("\"\"");
        assertThat(Quote.qualified("public", "order")).isEqualTo("public.\"order\"");
    }

    @Test
    void valuesAreQuotedSafely() {
        assertThat(Quote.literal("it's")).isEqualTo("'it''s'");
        assertThat(Quote.literal("a\\'b")).isEqualTo("E'a\\\\''b'");
        assertThat(Quote.literal("")).isEqualTo("''");
        assertThatThrownBy(() -> Quote.literal("a\0b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Quote.identifier("a\0B")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsQuotedIsReadBack() {
        for (String value : new String[] {"", "x", "it's", "a\\b", "\\'", "\n", "é\\'😀"}) {
            ShapedSql shaped = new Shaper().shape(Quote.literal(value).getBytes(StandardCharsets.UTF_8));
            assertThat(shaped.slots()).isEqualTo(1);
            assertThat(shaped.value(shaped.first(0))).isEqualTo(value);
        }
    }
}
