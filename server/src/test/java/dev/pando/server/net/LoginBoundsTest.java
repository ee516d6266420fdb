package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pando.base.auth.BackendLogin;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What connections that have not logged in can cost. */
class LoginBoundsTest {
    @Test
    void whoHasNotLoggedInTakesNoPlaceFromWhoHas() throws Exception {
        try (Running pando = Running.before(1, "[listen]\nport = 0\nmax_clients = 2\nmax_logins = 9");
                WireClient silent = new WireClient(pando.port());
                WireClient alsoSilent = new WireClient(pando.port());
                WireClient first = new WireClient(pando.port());
                WireClient second = new WireClient(pando.port());
                WireClient third = new WireClient(pando.port());
                WireClient admin = new WireClient(pando.port())) {
            first.login();
            second.login();
            assertThatThrownBy(third::login)
                    .isInstanceOf(IOException.class)
                    .hasMessage("53300 sorry, too many clients already: 2 of 2 (PD2001)");
            admin.login("app", "pando");
            assertThat(pando.status()).startsWith("3 clients");
            first.hangUp();
            admin.hangUp();
            await().until(() -> pando.status().startsWith("1 client,"));
            silent.login();
            assertThatThrownBy(alsoSilent::login).isInstanceOf(IOException.class);
        }
    }

    @Test
    void silentConnectionsKeepNobodyOutForLong() throws Exception {
        // One loop, so that they are heard of in this order.
        String settings = "[listen]\nport = 0\nmax_logins = 3\n[pool]\nsize = 1\n[limits]\nlogin_timeout = \"5min\"";
        List<WireClient> silent = new ArrayList<>();
        try (Running pando = Running.before(1, settings)) {
            new WireClient(pando.port()).login().close();
            for (int i = 0; i < 3; i++) {
                silent.add(new WireClient(pando.port()));
            }
            await().ignoreExceptionsInstanceOf(IOException.class).until(() -> {
                new WireClient(pando.port()).login().close();
                return true;
            });
            assertThat(silent.get(0).nextError()).startsWith("53300 sorry, too many clients already");
            assertThat(silent.get(0).untilHungUp()).isZero();
        } finally {
            for (WireClient client : silent) {
                client.close();
            }
        }
    }

    @Test
    void whoDoesNotFinishTheLoginIsHungUpOnAndLeavesNothing() throws Exception {
        try (Running pando = Running.before(1, "[listen]\nport = 0\n[limits]\nlogin_timeout = \"4s\"")) {
            new WireClient(pando.port()).login().close();
            await().until(() -> pando.status().startsWith("0 clients"));
            long before = pinned();
            List<WireClient> unfinished = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                unfinished.add(new WireClient(pando.port()));
                unfinished.add(halfAStartup(pando.port()));
                unfinished.add(stoppedInScram(pando.port()));
            }
            assertThat(pinned()).isGreaterThan(before);
            for (WireClient client : unfinished) {
                assertThat(client.nextError()).startsWith("08006 login did not finish");
                assertThat(client.untilHungUp()).isZero();
                client.close();
            }
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(pinned()).isLessThanOrEqualTo(before));
        }
    }

    @Test
    void beforeTheLoginMessagesAreShort() throws Exception {
        try (Running pando = Running.before(1, "[listen]\nport = 0");
                WireClient client = new WireClient(pando.port())) {
            client.startup("app", "app");
            client.send(Unpooled.buffer().writeByte('p').writeInt(1 << 20).writeZero(1_000));
            assertThat(client.nextError()).startsWith("08P01").contains("1048576");
        }
    }

    @Test
    void wrongPasswordsSideBySideKeepNobodyOut() throws Exception {
        String settings = "[listen]\nport = 0\nmax_logins = 20\n[auth]\nfailure_delay = \"2s\"\n";
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> guessing = new ArrayList<>();
        try (Running pando = Running.before(1, settings);
                WireClient works = new WireClient(pando.port()).login()) {
            for (int i = 0; i < 60; i++) {
                guessing.add(Thread.ofVirtual().start(() -> {
                    while (!over.get()) {
                        try (WireClient guess = new WireClient(pando.port())) {
                            guess.login("nobody", "app");
                        } catch (IOException refused) {
                            wrong.incrementAndGet();
                        }
                    }
                }));
            }
            await().until(() -> wrong.get() > 100);
            for (int i = 0; i < 50; i++) {
                assertThat(works.values("SELECT 1")).hasSize(1);
            }
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> {
                        new WireClient(pando.port()).login().close();
                        return true;
                    });
            over.set(true);
            for (Thread each : guessing) {
                each.join();
            }
        }
    }

    private static WireClient halfAStartup(int port) throws IOException {
        WireClient client = new WireClient(port);
        client.send(Unpooled.buffer().writeInt(9_000).writeInt(3 << 16).writeZero(5_000));
        return client;
    }

    private static WireClient stoppedInScram(int port) throws IOException {
        WireClient client = new WireClient(port);
        client.startup("app", "app");
        ByteBuf first = Unpooled.buffer();
        new BackendLogin("test", "app", "app")
                .authentication(Unpooled.wrappedBuffer(client.read().body()), first);
        client.send(first);
        assertThat(client.read().type()).isEqualTo('R');
        return client;
    }

    private static long pinned() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }
}
