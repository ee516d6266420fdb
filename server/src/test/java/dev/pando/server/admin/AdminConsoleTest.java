package dev.pando.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
                                null,
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

        assertThat(help.rows()).hasSize(10);
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
    void anUnknownCommandIsRefusedWithTheLikelyOne() {
        Map<String, String> meant = Map.of(
                "SHOW SHARD", "SHOW SHARDS",
                "shwo pools;", "SHOW POOLS",
                "stats", "SHOW STATS",
                "SHOW STATUS", "SHOW STATS",
                "SHOW DATABASES", "SHOW SHARDS",
                "show all", "SHOW CONFIG");
        meant.forEach((given, likely) -> assertThat(refusal(given))
                .startsWith("unknown admin command")
                .contains("did you mean " + likely + "?"));
    }

    @Test
    void anythingElseIsRefusedWithTheListOfCommands() {
        for (String sql : List.of(
                "SHOW",
                "SHOW ME",
                "RELOAD",
                "SELECT 2",
                "SELECT * FROM users",
                "SELECT version() FROM users",
                "SHOW SHARDS; SHOW POOLS",
                "BEGIN; DROP TABLE users",
                "SET x = 1; DROP TABLE users",
                "x".repeat(5000),
                "SET x = 1" + " ".repeat(1 << 20) + "; DROP TABLE users")) {
            assertThat(refusal(sql))
                    .contains("SHOW CLIENTS, SHOW CONFIG, SHOW HELP")
                    .hasSizeLessThan(400);
        }
    }

    private String refusal(String sql) {
        PandoException refusal = catchThrowableOfType(PandoException.class, () -> console.execute(sql));
        assertThat(refusal.error()).isEqualTo(PandoError.ADMIN_COMMAND);
        return String.valueOf(refusal.getMessage());
    }

    @Test
    void whatDriversSendByThemselvesGoesThrough() {
        Map<String, String> tags = Map.ofEntries(
                Map.entry("", ""),
                Map.entry(" ; ", ""),
                Map.entry(" ".repeat(1 << 20), ""),
                Map.entry("SET x = '" + "x".repeat(1 << 20) + "'", "SET"),
                Map.entry("-- ping", ""),
                Map.entry("SET extra_float_digits = 3", "SET"),
                Map.entry("SET application_name = 'pgAdmin 4'", "SET"),
                Map.entry("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "SET"),
                Map.entry("RESET ALL", "RESET"),
                Map.entry("begin", "BEGIN"),
                Map.entry("BEGIN ISOLATION LEVEL READ COMMITTED, READ ONLY", "BEGIN"),
                Map.entry("START TRANSACTION", "BEGIN"),
                Map.entry("COMMIT", "COMMIT"),
                Map.entry("END", "COMMIT"),
                Map.entry("ROLLBACK;", "ROLLBACK"),
                Map.entry("DISCARD ALL", "DISCARD ALL"),
                Map.entry("DEALLOCATE ALL", "DEALLOCATE"));
        tags.forEach((sql, tag) -> {
            AdminResult result = console.execute(sql);
            assertThat(result.tag()).as(sql).isEqualTo(tag);
            assertThat(result.columns()).isEmpty();
        });
        Map<String, String> values = Map.of(
                "SELECT 1", "1",
                "/* ping */ select 1", "1",
                "SELECT version()", "Pando 1.2.3 admin database",
                "SELECT pg_is_in_recovery()", "f",
                "SHOW server_version", "18.0 (Pando 1.2.3)",
                "SHOW transaction_read_only", "off",
                "SHOW TRANSACTION ISOLATION LEVEL", "read committed");
        values.forEach(
                (sql, value) -> assertThat(console.execute(sql).rows()).as(sql).containsExactly(List.of(value)));
        assertThat(console.execute("SHOW server_version").columns()).containsExactly("server_version");
    }

    @Test
    void countsRowsOnlyWhenAskedTo() {
        assertThat(console.execute("SHOW TABLES").rows().getFirst()).contains("t");
        assertThat(console.execute("SHOW TABLES EXACT").rows().getFirst())
                .contains("f")
                .doesNotContain("t");
    }

    @Test
    void showsTheVersion() {
        assertThat(console.execute("  Show\n version ").rows()).containsExactly(List.of("Pando 1.2.3"));
    }
}
