package dev.pando.base.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PandoErrorTest {
    @Test
    void idsAreUniqueAndInAChapter() {
        Set<String> ids = new HashSet<>();
        for (PandoError error : PandoError.values()) {
            assertThat(error.id()).as(error.name()).matches("PD[1-9]\\d{3}");
            assertThat(ids.add(error.id())).as("%s has an id of its own", error).isTrue();
        }
        assertThat(ErrorManual.homeless()).isEmpty();
    }

    @Test
    void everyErrorSaysWhatClientsNeed() {
        for (PandoError error : PandoError.values()) {
            assertThat(error.sqlState()).as(error.name()).matches("[0-9A-Z]{5}");
            assertThat(error.text()).as(error.name()).isNotBlank().doesNotEndWith(".");
            assertThat(error.remedy()).as(error.name()).matches("[A-Z].*\\.");
        }
    }

    @Test
    void fillsItsParticularsAndEndsWithItsId() {
        PandoException refusal = new PandoException(PandoError.TOO_MANY_CLIENTS, 7, 8);

        assertThat(refusal).hasMessage("sorry, too many clients already: 7 of 8 (PD2001)");
        assertThat(refusal.hint()).isEqualTo("Raise listen.max_clients, or close idle connections.");
        for (PandoError error : PandoError.values()) {
            long places = Arrays.stream(error.text().split("%s", -1)).count() - 1;
            Object[] particulars = new Object[(int) places];
            Arrays.fill(particulars, "x");
            assertThat(error.format(particulars)).doesNotContain("%").endsWith("(" + error.id() + ")");
        }
    }

    /** After a change of the catalogue: run with {@code -Ddocs.rewrite=true} and review the difference. */
    @Test
    void theManualIsThatOfThisCatalogue() throws IOException {
        Path page = Path.of("..", "docs", "errors.md");
        if (Boolean.getBoolean("docs.rewrite")) {
            Files.writeString(page, ErrorManual.text());
        }
        assertThat(page).exists();
        assertThat(Files.readString(page)).isEqualTo(ErrorManual.text());
    }
}
