package dev.pando.rehearse.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static String csv(String time, String session, String message, String detail) {
        return time + " UTC,\"u\",\"shop\",7,\"[local]\"," + session
                + ",1,\"SELECT\",2026-11-22 09:00:00 UTC,1/2,0,LOG,00000,\"" + message.replace("\"", "\"\"") + "\",\""
                + detail + "\",,,,,,,,\"app\",\"client backend\",,0\n";
    }

    @Test
    void aStatementWithItsDurationBeganBeforeItWasLogged() {
        List<Logged> log = ServerLog.csv(
                "log.csv",
                csv("2026-11-22 10:00:00.500", "a.1", "duration: 400.2 ms  statement: SELECT \"x\",\n '$1'", "")
                        + csv("2026-11-22 10:00:00.600", "a.1", "duration: 9 ms  bind <unnamed>: SELECT 2", "")
                        + csv(
                                "2026-11-22 10:00:01.000",
                                "b.1",
                                "duration: 0.1 ms  execute S_1: SELECT $2, '$1', $1",
                                "Parameters: $1 = 'it''s', $2 = NULL")
                        + csv("2026-11-22 10:00:01.100", "b.1", "statement: COPY t FROM STDIN", ""));

        assertThat(log)
                .containsExactly(
                        new Logged("shop", "a.1", 0, 400, "SELECT \"x\",\n '$1'"),
                        new Logged("shop", "b.1", 900, 900, "SELECT NULL, '$1', 'it''s'"));
    }

    @Test
    void valuesAreAsLongAndNumbersAsHighAsALogHasThem() {
        String value = "x".repeat(100_000);
        List<Logged> log = ServerLog.csv(
                "log.csv",
                csv(
                        "2026-11-22 10:00:00.500",
                        "a",
                        "execute S_1: SELECT $1, $99999999999",
                        "Parameters: $1 = '" + value + "'"));

        assertThat(log).containsExactly(new Logged("shop", "a", 0, 0, "SELECT '" + value + "', $99999999999"));
        assertThatThrownBy(
                        () -> ServerLog.csv("log.csv", csv("2026-99-99 10:00:00.500", "a", "statement: SELECT 1", "")))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("is no time of a log");
    }

    @Test
    void linesOfJsonSayTheSame() {
        List<Logged> log = ServerLog.json("log.json", """
                {"timestamp":"2026-11-22 10:00:00.500 UTC","dbname":"shop","session_id":"a","error_severity":"LOG","message":"statement: SELECT 1"}
                {"timestamp":"2026-11-22 10:00:00.600 UTC","dbname":"shop","session_id":"a","error_severity":"ERROR","message":"statement: no"}
                """);

        assertThat(log).containsExactly(new Logged("shop", "a", 0, 0, "SELECT 1"));
        assertThatThrownBy(() -> ServerLog.json("log.json", "{\"timestamp\"")).isInstanceOf(PandoException.class);
    }

    @Test
    void sessionsThatWereOpenAtOnceHaveClientsOfTheirOwn() throws SQLException {
        List<Logged> log = List.of(
                new Logged("d", "a", 0, 50, "a1"),
                new Logged("d", "b", 20, 30, "b1"),
                new Logged("d", "a", 40, 50, "a2"),
                new Logged("d", "c", 60, 70, "c1"));
        List<Script> clients = Replay.of("log.csv", log, new Pace(1, 1, 1, 2))
                .traffic(sql -> List.of("of " + sql))
                .scripts();

        assertThat(clients).hasSize(2);
        assertThat(first(clients.getFirst(), 3)).containsExactly("a1 0 true", "a2 20 false", "a1 535 true");
        assertThat(first(clients.getFirst(), 1)).as("begun anew").containsExactly("a1 0 true");
        assertThat(first(clients.getLast(), 2)).containsExactly("b1 10 true", "c1 30 true");
        assertThat(clients.getLast().begin().next().requests().getFirst().tables())
                .containsExactly("of b1");
    }

    private static List<String> first(Script script, int turns) {
        Script.Turns begun = script.begin();
        return Stream.generate(begun::next)
                .limit(turns)
                .map(turn -> turn.requests().getFirst().sql() + " " + turn.due() / 1_000_000 + " " + turn.fresh())
                .toList();
    }
}
