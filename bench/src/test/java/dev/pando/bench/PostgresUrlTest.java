package dev.pando.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PostgresUrlTest {
    @Test
    void readsEveryPartAndUndoesPercents() {
        assertThat(PostgresUrl.parse("postgres://a%40b:p%3A%2Fw+x@db.example:6432/my%20db?sslmode=disable"))
                .isEqualTo(new PostgresUrl("a@b", "p:/w+x", "db.example", 6432, "my db"));
        assertThat(PostgresUrl.parse("postgresql://[::1]/"))
                .isEqualTo(new PostgresUrl("postgres", "", "::1", 5432, "postgres"));
        assertThat(PostgresUrl.parse("postgres://ada@localhost"))
                .isEqualTo(new PostgresUrl("ada", "", "localhost", 5432, "ada"));
    }

    @Test
    void showsItselfWithoutThePassword() {
        assertThat(PostgresUrl.parse("postgres://app:secret@[::1]:1/db")).hasToString("postgres://app@[::1]:1/db");
    }

    @Test
    void refusesWhatItWouldNotObeyWithoutRepeatingThePassword() {
        for (String bad : new String[] {
            "mysql://app:secret@h/db",
            "postgres:///db",
            "postgres://app:secret@h/db?sslmode=require",
            "postgres://app:secret@h/db?options=x",
            "postgres://app:secret@h:port/db",
            "postgres://app:sec ret@h/db",
            ""
        }) {
            assertThatThrownBy(() -> PostgresUrl.parse(bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("sec");
        }
    }
}
