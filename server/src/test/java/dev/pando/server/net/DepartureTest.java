package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** SHUTDOWN in its three ways. */
class DepartureTest {
    private static String settings(String clients, String transactions) {
        return "[listen]\nport = 0\n[restart]\nclient_timeout = \"" + clients + "\"\ntransaction_timeout = \""
                + transactions + "\"\n";
    }

    @Test
    void waitingForServersLetsTransactionsEndAndHangsUpBetweenThem() throws Exception {
        try (Running pando = Running.before(1, settings("1h", "1h"));
                WireClient idle = new WireClient(pando.port()).login();
                WireClient open = new WireClient(pando.port()).login()) {
            open.query("BEGIN; SELECT 1");
            open.received();
            command(pando, "SHUTDOWN WAIT_FOR_SERVERS");
            assertThat(idle.nextError()).startsWith("57P01");
            assertThatThrownBy(() -> new WireClient(pando.port())).isInstanceOf(ConnectException.class);
            open.query("SELECT 2");
            assertThat(open.received().rows()).isEqualTo(1);
            assertThat(pando.server().ended()).isNotDone();
            open.query("COMMIT");
            open.received();
            assertThat(open.nextError()).startsWith("57P01");
            pando.server().ended().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void waitingForClientsServesThemUntilTheyLeave() throws Exception {
        try (Running pando = Running.before(1, settings("1h", "1h"))) {
            try (WireClient client = new WireClient(pando.port()).login()) {
                command(pando, "SHUTDOWN WAIT_FOR_CLIENTS");
                await().until(() -> refused(pando));
                client.query("SELECT 1");
                assertThat(client.received().rows()).isEqualTo(1);
                assertThat(pando.server().ended()).isNotDone();
            }
            pando.server().ended().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void patienceHasAnEnd() throws Exception {
        try (Running pando = Running.before(1, settings("200ms", "300ms"));
                WireClient idle = new WireClient(pando.port()).login();
                WireClient open = new WireClient(pando.port()).login()) {
            open.query("BEGIN; SELECT 1");
            open.received();
            command(pando, "SHUTDOWN WAIT_FOR_CLIENTS");
            assertThat(idle.nextError()).startsWith("57P01");
            pando.server().ended().get(20, TimeUnit.SECONDS);
            assertThat(open.nextError()).startsWith("57P01");
        }
    }

    @Test
    void askedAgainItIsLessPatient() throws Exception {
        try (Running pando = Running.before(1, settings("1h", "1h"));
                WireClient open = new WireClient(pando.port()).login();
                Connection admin = pando.admin("app");
                Statement command = admin.createStatement()) {
            open.query("BEGIN; SELECT 1");
            open.received();
            command.execute("SHUTDOWN WAIT_FOR_CLIENTS");
            command.execute("SHUTDOWN WAIT_FOR_SERVERS");
            await().during(Duration.ofMillis(300))
                    .until(() -> !pando.server().ended().isDone());
            atOnce(command);
            assertThat(open.nextError()).startsWith("57P01");
            pando.server().ended().get(20, TimeUnit.SECONDS);
        }
    }

    /** The status line is drawn every second, in the moment of the end as well. */
    @Test
    void whoAsksHowItIsWhenItHasEndedIsAnswered() throws Exception {
        try (Running pando = Running.before(1, settings("1h", "1h"))) {
            pando.server().close();
            assertThat(pando.status()).startsWith("0 clients");
        }
    }

    /** It may end before its answer is sent. */
    private static void atOnce(Statement command) {
        try {
            command.execute("SHUTDOWN");
        } catch (SQLException e) {
            assertThat(e.getSQLState()).as(e.getMessage()).isIn("57P01", "08006");
        }
    }

    private static boolean refused(Running pando) throws Exception {
        try (WireClient client = new WireClient(pando.port())) {
            return client.processId() < 0;
        } catch (ConnectException e) {
            return true;
        }
    }

    private static void command(Running pando, String sql) throws SQLException {
        try (Connection admin = pando.admin("app");
                Statement command = admin.createStatement()) {
            command.execute(sql);
        }
    }
}
