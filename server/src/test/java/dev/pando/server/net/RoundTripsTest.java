package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.link.Requests;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How often Pando waits for its server before a transaction is over. */
class RoundTripsTest {
    private static final String SELECT = "SELECT relname FROM pg_class WHERE oid = 1259";

    private static Running before(Relay relay) {
        return Running.plain("""
                [[databases]]
                name = "app"
                servers = ["127.0.0.1:%d"]
                pool_size = 1
                """.formatted(relay.port()));
    }

    private static void command(ByteBuf out, String sql) {
        Requests.parse(out, "", sql.getBytes(StandardCharsets.UTF_8), new int[0]);
        FrontendCodec.encode(new FrontendMessage.Bind("", "", new short[0], List.of(), new short[0]), out);
        Requests.describe(out, 'P', "");
        Requests.execute(out, "", 0);
    }

    private static String atOnce(WireClient client, String... commands) throws IOException {
        ByteBuf out = Unpooled.buffer();
        for (String sql : commands) {
            command(out, sql);
        }
        Requests.bare(out, 'S');
        client.send(out);
        return answer(client);
    }

    private static String query(WireClient client, String sql) throws IOException {
        client.query(sql);
        return answer(client);
    }

    private static String answer(WireClient client) throws IOException {
        StringBuilder types = new StringBuilder();
        do {
            types.append(client.read().type());
        } while (types.charAt(types.length() - 1) != 'Z');
        return types.toString();
    }

    /** What code a new database has is read at first, on the same connection. */
    private static void untilAlone(Relay relay, Callable<String> query) {
        Awaitility.await().until(() -> {
            int turns = relay.turns();
            query.call();
            return relay.turns() - turns == 1;
        });
    }

    @Test
    void aTransactionThatIsSentAtOnceTakesOne() throws Exception {
        try (Relay relay = new Relay(Running.servers(1).getFirst().port());
                Running pando = before(relay);
                WireClient client = new WireClient(pando.port()).login()) {
            String answers = "12nC" + "12TDC" + "12TDC" + "12nC" + "Z";
            untilAlone(relay, () -> query(client, SELECT));
            for (String end : List.of("COMMIT", "ROLLBACK", "END")) {
                int turns = relay.turns();
                assertThat(atOnce(client, "BEGIN", SELECT, SELECT, end)).isEqualTo(answers);
                assertThat(relay.turns() - turns).as(end).isOne();
            }
        }
    }

    @Test
    void beginTakesNoneOfItsOwn() throws Exception {
        try (Relay relay = new Relay(Running.servers(1).getFirst().port());
                Running pando = before(relay);
                WireClient client = new WireClient(pando.port()).login()) {
            untilAlone(relay, () -> query(client, SELECT));
            int turns = relay.turns();
            query(client, "BEGIN");
            assertThat(query(client, SELECT)).isEqualTo("TDCZ");
            assertThat(query(client, SELECT)).isEqualTo("TDCZ");
            query(client, "COMMIT");
            assertThat(relay.turns() - turns).isEqualTo(3);
        }
    }
}
