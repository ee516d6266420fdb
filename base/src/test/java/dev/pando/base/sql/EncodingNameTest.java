package dev.pando.base.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EncodingNameTest {
    @Test
    void utf8HasManySpellings() {
        for (String name : new String[] {"UTF8", "utf-8", "'utf-8'", "Unicode", "UTF_8", " utf 8 "}) {
            assertThat(EncodingName.utf8(name)).as(name).isTrue();
        }
    }

    @Test
    void otherEncodingsAreNotUtf8() {
        for (String name : new String[] {"LATIN1", "SQL_ASCII", "UTF16", "", "utf8x"}) {
            assertThat(EncodingName.utf8(name)).as(name).isFalse();
        }
    }
}
