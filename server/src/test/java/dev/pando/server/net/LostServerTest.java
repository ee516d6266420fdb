package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a client hears when the server process that serves it is told to end. */
class LostServerTest {
    private static Running plain() throws SQLException {
        return Running.plain("""
                [[databases]]
                name = "app"
                servers = ["127.0.0.1:%d"]
                pool_size = 1
                """.formatted(Running.servers(1).getFirst().port()));
    }

    private static List<Character> answer(WireClient client, String sql) throws IOException {
        List<Character> types = new ArrayList<>();
        client.query(sql);
        do {
            types.add(client.read().type());
        } while (types.getLast() != 'Z');
        return types;
    }

    @Test
    void oneErrorEndsOneQuery() throws Exception {
        String end = "SELECT pg_terminate_backend(pg_backend_pid())";
        for (String sql :
                List.of(end, "SELECT 1; " + end + "; SELECT 2", "BEGIN; " + end, "BEGIN; " + end + "; COMMIT")) {
            try (Running pando = plain();
                    WireClient client = new WireClient(pando.port()).login()) {
                assertThat(answer(client, sql)).as(sql).containsOnlyOnce('E').endsWith('E', 'Z');
                answer(client, "ROLLBACK");
                assertThat(client.values("SELECT 3")).containsExactly("3".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    @Test
    void whatASavepointMeetsIsNamed() throws Exception {
        TemporaryServer server = Running.servers(1).getFirst();
        try (Running pando = plain();
                Connection direct = server.connect("app");
                WireClient client = new WireClient(pando.port()).login()) {
            answer(client, "BEGIN");
            String pid = new String(client.values("SELECT pg_backend_pid()").getFirst(), StandardCharsets.US_ASCII);
            answer(client, "SAVEPOINT a");
            answer(client, "SELECT 1 / 0");
            Sql.run(direct, "SELECT pg_terminate_backend(" + pid + ")");
            String left = "SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid;
            Awaitility.await().until(() -> "0".equals(Sql.value(direct, left)));
            client.query("ROLLBACK TO a");
            assertThat(client.nextError()).startsWith("08006").doesNotContain(":  (");
        }
    }
}
