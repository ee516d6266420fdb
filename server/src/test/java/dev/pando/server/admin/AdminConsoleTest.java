package dev.pando.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdminConsoleTest {
    private final AdminConsole console = new AdminConsole(new SampleView(), "1.2.3");

    @Test
    void showsShardsWithWhatADeadServerCannotTellLeftOut() {
        AdminResult result = console.execute("show shards;");

        assertThat(result.tag()).isEqualTo("SHOW");
        assertThat(result.columns()).startsWith("shard", "role", "address", "state");
        assertThat(result.rows())
                .containsExactly(
                        Arrays.asList(
                                "shard-0",
                                "primary",
                                "10.0.0.1:5432",
                                "up",
                                "0/3000060",
                                null,
                                "1048576",
                                "7",
                                "8192",
                                "50.00 %",
                                "25",
                                "3",
                                "2",
                                "0"),
                        Arrays.asList(
                                "shard-0",
                                "replica",
                                "10.0.0.2:5432",
                                "up",
                                "0/2FFFA60",
                                "1536",
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null),
                        Arrays.asList(
                                "shard-1",
                                "primary",
                                "10.0.0.3:5432",
                                "down: connection refused",
                                null,
                                null,
                                null,
                                null,
                                null,
                                "50.00 %",
                                "25",
                                "0",
                                "0",
                                "4"));
    }

    @Test
    void everyCommandOfHelpAnswersRowsAsWideAsItsColumns() {
        AdminResult help = console.execute("SHOW HELP");

        assertThat(help.rows()).hasSize(9);
        for (List<String> command : help.rows()) {
            AdminResult result = console.execute(command.getFirst());
            assertThat(result.rows()).as(command.getFirst()).isNotEmpty();
            assertThat(result.rows()).allSatisfy(row -> assertThat(row).hasSameSizeAs(result.columns()));
        }
    }

    @Test
    void configHidesSecrets() {
        assertThat(console.execute("SHOW CONFIG").rows())
                .contains(Arrays.asList("pool.size", "25", "25"), Arrays.asList("control.password", "********", null))
                .noneMatch(row -> row.toString().contains("top-secret"));
    }

    @Test
    void anythingElseIsRefusedWithTheListOfCommands() {
        for (String sql : List.of("", "SHOW", "SHOW ME", "SELECT 1", "SHOW SHARDS; SHOW POOLS", "x".repeat(5000))) {
            assertThatThrownBy(() -> console.execute(sql))
                    .isInstanceOfSatisfying(
                            PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.ADMIN_COMMAND))
                    .hasMessageContaining("SHOW CLIENTS, SHOW CONFIG, SHOW HELP")
                    .message()
                    .hasSizeLessThan(400);
        }
    }

    @Test
    void showsTheVersion() {
        assertThat(console.execute("  Show\n version ").rows()).containsExactly(List.of("Pando 1.2.3"));
    }
}
