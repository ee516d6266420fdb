package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.Purpose;
import dev.pando.server.PandoServer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients that begin TLS and do not end it cost others. */
class TlsFloodTest {
    private static final byte[] SSL_REQUEST =
            ByteBuffer.allocate(8).putInt(8).putInt(80877103).array();

    private static final int HANDSHAKE = 0x16;

    @TempDir
    private Path files;

    private PandoServer serve(String settings) throws Exception {
        X509Bundle own = new CertificateBuilder()
                .subject("CN=pando")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(files.resolve("own.crt"), own.getCertificatePEM());
        Files.writeString(files.resolve("own.key"), own.getPrivateKeyPEM());
        Path file = Files.writeString(
                files.resolve("pando.toml"),
                settings + """

                [http]
                enabled = false
                [tls]
                mode = "allow"
                cert_file = "own.crt"
                key_file = "own.key"
                [limits]
                login_timeout = "5min"
                [[users]]
                name = "app"
                password = "app"
                [[databases]]
                name = "app"
                servers = ["127.0.0.1:%d"]
                user = "postgres"
                dbname = "postgres"
                """.formatted(Shared.plain().port()));
        return PandoServer.start(ConfigLoader.load(file, Purpose.SERVE, Map.of()));
    }

    private static RawClient begun(PandoServer pando, byte[] hello) throws IOException {
        RawClient client = new RawClient(pando.port());
        client.send(SSL_REQUEST);
        assertThat(client.nextByte()).isEqualTo('S');
        client.send(hello);
        return client;
    }

    private static byte[] hello() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    @Test
    void handshakesAreNotWorkedOutOnTheLoops() throws Exception {
        byte[] hello = hello();
        List<RawClient> silent = new ArrayList<>();
        try (PandoServer pando = serve("[listen]\nport = 0")) {
            long loops = cpuMillis("pando-loop");
            long apart = cpuMillis("pando-tls");
            for (int i = 0; i < 300; i++) {
                silent.add(begun(pando, hello));
            }
            for (RawClient each : silent) {
                assertThat(each.nextByte()).isEqualTo(HANDSHAKE);
            }
            long spentApart = cpuMillis("pando-tls") - apart;
            assertThat(spentApart).isPositive().isGreaterThan((cpuMillis("pando-loop") - loops) / 2);
        } finally {
            for (RawClient each : silent) {
                each.close();
            }
        }
    }

    private static long cpuMillis(String threads) {
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        return Arrays.stream(bean.getThreadInfo(bean.getAllThreadIds()))
                        .filter(Objects::nonNull)
                        .filter(thread -> thread.getThreadName().startsWith(threads))
                        .mapToLong(ThreadInfo::getThreadId)
                        .map(bean::getThreadCpuTime)
                        .sum()
                / 1_000_000;
    }

    @Test
    void whoLosesItsPlaceWithinAHandshakeLosesItsSocketAtOnce() throws Exception {
        try (PandoServer pando = serve("[listen]\nport = 0\nmax_logins = 1");
                RawClient silent = begun(pando, new byte[] {HANDSHAKE, 3, 1, 2, 0, 1, 0})) {
            await().ignoreExceptionsInstanceOf(IOException.class).until(() -> {
                new RawClient(pando.port()).login().close();
                return true;
            });
            long begun = System.nanoTime();
            assertThat(silent.hungUp()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
        }
    }
}
