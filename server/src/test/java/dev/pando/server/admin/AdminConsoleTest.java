package dev.pando.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdminConsoleTest {
    private final SampleControl control = new SampleControl();
    private final AdminConsole console = new AdminConsole(new SampleView(), control, "1.2.3");

    @Test
    void showsShardsWithWhatADeadServerCannotTellLeftOut() {
        AdminResult result = execute("show shards;");

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
        AdminResult help = execute("SHOW HELP");

        assertThat(help.rows()).hasSize(31);
        for (List<String> command : help.rows()) {
            if (!command.getFirst().startsWith("SHOW")) {
                continue;
            }
            AdminResult result = execute(command.getFirst());
            // Without a file there are no rules.
            boolean none = command.getFirst().equals("SHOW HBA");
            assertThat(result.rows().isEmpty()).as(command.getFirst()).isEqualTo(none);
            assertThat(result.rows()).allSatisfy(row -> assertThat(row).hasSameSizeAs(result.columns()));
        }
    }

    @Test
    void configHidesSecrets() {
        assertThat(execute("SHOW CONFIG").rows())
                .contains(
                        Arrays.asList("pool.size", "25", "25", "yes"),
                        Arrays.asList("control.password", "********", null, "yes"))
                .noneMatch(row -> row.toString().contains("top-secret"));
    }

    @Test
    void anUnknownCommandIsRefusedWithTheLikelyOne() {
        Map<String, String> meant = Map.of(
                "SHOW SHARD", "SHOW SHARDS",
                "shwo pools;", "SHOW POOLS",
                "stats", "SHOW STATS",
                "SHOW STATUS", "SHOW STATS",
                "SHOW NODES", "SHOW SHARDS",
                "show all", "SHOW CONFIG");
        meant.forEach((given, likely) -> assertThat(refusal(given))
                .startsWith("unknown admin command")
                .contains("did you mean " + likely + "?"));
    }

    @Test
    void anythingElseIsRefusedWithTheListOfCommands() {
        for (String sql : List.of(
                "SHOW",
                "SHOW US",
                "SELECT 2",
                "SELECT * FROM users",
                "SELECT version() FROM users",
                "SHOW SHARDS; SHOW POOLS",
                "BEGIN; DROP TABLE users",
                "SET x = 1; DROP TABLE users",
                "x".repeat(5000),
                "SET x = 1" + " ".repeat(1 << 20) + "; DROP TABLE users")) {
            assertThat(refusal(sql))
                    .contains("SHOW CLIENTS, SHOW CONFIG, SHOW DATABASES, SHOW HBA, SHOW HELP")
                    .hasSizeLessThan(600);
        }
    }

    private AdminResult execute(String sql) {
        return console.execute(sql, "app");
    }

    private String refusal(String sql) {
        PandoException refusal = catchThrowableOfType(PandoException.class, () -> execute(sql));
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
            AdminResult result = execute(sql);
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
        values.forEach((sql, value) -> assertThat(execute(sql).rows()).as(sql).containsExactly(List.of(value)));
        assertThat(execute("SHOW server_version").columns()).containsExactly("server_version");
    }

    @Test
    void countsRowsOnlyWhenAskedTo() {
        assertThat(execute("SHOW TABLES").rows().getFirst()).contains("t");
        assertThat(execute("SHOW TABLES EXACT").rows().getFirst()).contains("f").doesNotContain("t");
    }

    @Test
    void actionsGoToTheShardsThatAreNamed() {
        Map<String, String> calls = Map.of(
                "PAUSE", "pause [0, 1]",
                "pause app;", "pause [0, 1]",
                "PAUSE \"app\"", "pause [0, 1]",
                "RESUME app@shard-1", "resume [1]",
                "reconnect", "reconnect [0, 1]",
                "WAIT_CLOSE app@shard-0", "awaitClosed [0]",
                "KILL app", "killAll [0, 1]",
                "KILL_CLIENT 42", "killClient 42");
        calls.forEach((sql, call) -> {
            AdminResult result = execute(sql);
            assertThat(result.tag()).isEqualTo(AdminStatement.of(sql).words().split(" ", -1)[0]);
            assertThat(result.columns()).isEmpty();
            assertThat(control.calls()).as(sql).containsExactly(call);
        });
        assertThat(console.describe("PAUSE").tag()).isEqualTo("PAUSE");
        assertThat(control.calls()).as("Describe does nothing").isEmpty();
    }

    @Test
    void actionsAreRefusedWithTheReason() {
        Map<String, String> reasons = Map.of(
                "PAUSE nowhere", "database \"nowhere\" does not exist",
                "KILL app@shard-0", "clients belong to the database as a whole",
                "KILL_CLIENT 43", "there is no client with this id",
                "KILL_CLIENT", "there is no client with this id",
                "KILL_CLIENT 99999999999999999999", "there is no client with this id",
                "SUSPEND", "--takeover",
                "SHUTDOWN SOON", "WAIT_FOR_SERVERS");
        reasons.forEach((sql, reason) -> assertThat(catchThrowableOfType(PandoException.class, () -> execute(sql)))
                .as(sql)
                .hasMessageContaining(reason));
        for (String sql :
                List.of("PAUSE", "RESUME", "RECONNECT", "WAIT_CLOSE", "KILL", "KILL_CLIENT 42", "RELOAD", "SHUTDOWN")) {
            PandoException refusal = catchThrowableOfType(PandoException.class, () -> console.execute(sql, "somebody"));
            assertThat(refusal.error()).as(sql).isEqualTo(PandoError.ADMIN_NEEDED);
        }
        assertThat(control.calls()).isEmpty();
    }

    @Test
    void aShutdownIsAsPatientAsItIsTold() {
        List.of("SHUTDOWN", "SHUTDOWN WAIT_FOR_SERVERS", "shutdown wait_for_clients;")
                .forEach(this::execute);
        assertThat(control.calls())
                .containsExactly("shutdown NOW", "shutdown WAIT_FOR_SERVERS", "shutdown WAIT_FOR_CLIENTS");
    }

    @Test
    void aReloadTellsWhatChangedAndWhatWaitsForTheNextStart() {
        assertThat(execute("RELOAD").notices())
                .containsExactly("changed: pool.size", "takes effect at the next start: listen.port");
        assertThat(control.calls()).containsExactly("reload");
    }

    @Test
    void theStateTellsWhichShardsArePaused() {
        assertThat(execute("SHOW STATE").rows()).contains(List.of("active", "no"), List.of("paused", "app@shard-1"));
    }

    @Test
    void averagesAreOfTheLastPeriod() {
        AdminResult stats = execute("SHOW STATS");
        var row = stats.rows().getFirst();
        Map<String, String> expected = Map.of(
                "database", "app@shard-0",
                "total_xact_count", "1001",
                "total_received", "1004",
                "avg_xact_count", "10",
                "avg_recv", "10",
                "total_xact_time", "1");
        expected.forEach((column, value) ->
                assertThat(row.get(stats.columns().indexOf(column))).as(column).isEqualTo(value));
        assertThat(row.get(stats.columns().indexOf("total_client_login_count")))
                .as("of no single shard")
                .isNull();
        assertThat(execute("SHOW TOTALS").rows())
                .contains(List.of("total_xact_count", "1702"), List.of("total_client_login_count", "1728"));
    }

    @Test
    void showsTheVersion() {
        assertThat(execute("  Show\n version ").rows()).containsExactly(List.of("Pando 1.2.3"));
    }

    @Test
    void plansOfShardsThatDoTheSameAreToldOnce() {
        AdminResult plan = execute("explain  statement 7;");

        assertThat(plan.columns()).containsExactly("shards", "plan");
        assertThat(plan.rows())
                .containsExactly(
                        List.of("shard-1, shard-0", "Seq Scan on items  (cost=0.00..99.10 rows=60 width=36)"),
                        List.of("", "  Filter: (order_id = $1)"),
                        List.of("shard-2", "Index Scan using items_order on items  (cost=0.29..8.30 rows=1 width=36)"));
        assertThat(plan.notices())
                .containsExactly("as user ann in database app: "
                        + "EXPLAIN (GENERIC_PLAN) select * from items where order_id = ($1::int)");
        assertThat(console.describe("EXPLAIN STATEMENT 7").columns()).isEqualTo(plan.columns());
        assertThat(execute("SHOW HELP").rows())
                .anySatisfy(row -> assertThat(row).contains("EXPLAIN STATEMENT id"));
    }

    @Test
    void aPlanNeedsAnAdministratorAndAnId() {
        assertThatThrownBy(() -> console.execute("EXPLAIN STATEMENT 7", "other"))
                .hasMessageContaining("PD1013");
        assertThatThrownBy(() -> execute("EXPLAIN STATEMENT")).hasMessageContaining("it is EXPLAIN STATEMENT id");
        assertThatThrownBy(() -> execute("EXPLAIN STATEMENT x7")).hasMessageContaining("it is EXPLAIN STATEMENT id");
        assertThatThrownBy(() -> execute("EXPLAIN STATEMENT 8"))
                .hasMessageContaining("knows no statement 8")
                .hasMessageContaining("PD1016");
        assertThatThrownBy(() -> execute("EXPLAIN SELECT 1")).hasMessageContaining("PD1010");
    }
}
