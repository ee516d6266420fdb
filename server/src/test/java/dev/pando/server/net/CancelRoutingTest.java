package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cancel request that reaches another Pando than its client's. */
class CancelRoutingTest {
    @TempDir
    Path folder;

    private static String node(int number) {
        return "[listen]\nport = 0\n[node]\nnumber = " + number + "\n";
    }

    private static String peer(int number, int port) {
        return "[[peers]]\nnumber = " + number + "\naddress = \"127.0.0.1:" + port + "\"\n";
    }

    @Test
    void aRequestGoesToTheNodeOfItsKeyWhateverItsLength() throws Exception {
        try (Running one = Running.before(1, node(1));
                Running two = Running.before(1, node(2))) {
            introduce(one, node(1) + peer(2, two.port()));
            introduce(two, node(2) + peer(1, one.port()) + peer(2, two.port()));
            for (int version : List.of(0, 2)) {
                try (WireClient client =
                        new WireClient(one.port()).speaking(version).login("app", "app")) {
                    assertThat(client.secret()).hasSize(version == 0 ? 4 : 32);
                    client.query("SELECT pg_sleep(60)");
                    cancelledThrough(two, client);
                }
            }
        }
    }

    /** A request may be there before the statement is, and then hits nothing: it is asked again. */
    private static void cancelledThrough(Running node, WireClient client) throws IOException {
        await().until(() -> {
            WireClient.cancel(node.port(), client.processId(), client.secret());
            return client.answered();
        });
        assertThat(client.nextError()).startsWith("57014");
        assertThat(client.read().type()).isEqualTo('Z');
    }

    @Test
    void forgedOnesDoNothingAndNoneGoesRoundInCircles() throws Exception {
        try (Running one = Running.before(1, node(1));
                Running two = Running.before(1, node(2))) {
            // Each takes the other for number 3.
            introduce(one, node(1) + peer(3, two.port()));
            introduce(two, node(2) + peer(3, one.port()) + peer(1, one.port()));
            WireClient.cancel(one.port(), (3 << 21) | 7, new byte[4]);
            try (WireClient client = new WireClient(one.port()).login()) {
                client.query("SELECT pg_sleep(1)");
                byte[] wrong = client.secret().clone();
                wrong[0]++;
                WireClient.cancel(two.port(), client.processId(), wrong);
                byte[] mark = "pando passed on\0".getBytes(StandardCharsets.US_ASCII);
                byte[] marked = Arrays.copyOf(mark, mark.length + 4);
                System.arraycopy(client.secret(), 0, marked, mark.length, 4);
                WireClient.cancel(two.port(), client.processId(), marked);
                assertThat(client.received().rows()).isEqualTo(1);
            }
        }
    }

    @Test
    void clientsOfTheProcessBeforeAreReachedThroughTheOneAfter() throws Exception {
        Path socket = folder.resolve("takeover");
        String settings = "[listen]\nport = 0\n[node]\nname = \"same\"\n[restart]\nsocket = \"" + socket + "\"\n";
        try (Running before = Running.before(1, settings);
                WireClient client = new WireClient(before.port()).login()) {
            client.query("SELECT pg_sleep(60)");
            try (Running after = Running.inPlaceOf(socket, settings)) {
                assertThat(after.port()).isEqualTo(before.port());
                cancelledThrough(after, client);
                try (Running last = Running.inPlaceOf(socket, settings)) {
                    client.query("SELECT pg_sleep(60)");
                    cancelledThrough(last, client);
                }
            }
        }
    }

    private static void introduce(Running pando, String settings) throws SQLException {
        pando.rewrite(Running.config(
                Running.servers(1).stream().map(TemporaryServer::port).toList(), settings));
        try (Connection admin = pando.admin("app");
                Statement command = admin.createStatement()) {
            command.execute("RELOAD");
        }
    }
}
