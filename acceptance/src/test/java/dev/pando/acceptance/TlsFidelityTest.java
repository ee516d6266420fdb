package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.Purpose;
import dev.pando.server.PandoServer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How clients begin and end TLS, and what PostgreSQL says to those who do it in another way. */
class TlsFidelityTest {
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    @TempDir
    private Path files;

    private final X509Bundle own;

    TlsFidelityTest() throws Exception {
        own = new CertificateBuilder()
                .subject("CN=pando")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private PandoServer serve() throws Exception {
        Files.writeString(files.resolve("own.crt"), own.getCertificatePEM());
        Files.writeString(files.resolve("own.key"), own.getPrivateKeyPEM());
        Path file = Files.writeString(
                files.resolve("pando.toml"), """
                [listen]
                port = 0
                [http]
                enabled = false
                [tls]
                mode = "allow"
                cert_file = "own.crt"
                key_file = "own.key"
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

    /** Java ends its half of the connection with that of TLS; other clients send nothing but the notice. */
    private static final class WithoutHalfEnd extends Socket {
        WithoutHalfEnd(InetAddress address, int port) throws IOException {
            super(address, port);
        }

        @Override
        public void shutdownOutput() {
            // stays open
        }
    }

    private SSLSocket handshake(PandoServer pando, String protocol) throws Exception {
        return handshake(new Socket(InetAddress.getLoopbackAddress(), pando.port()), protocol);
    }

    /** The one that is returned closes the other one. */
    private SSLSocket handshake(Socket below, String protocol) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, own.toTrustManagerFactory().getTrustManagers(), null);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(below, "localhost", below.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Test
    void anotherProtocolIsRefusedWithinTheHandshake() throws Exception {
        try (PandoServer pando = serve()) {
            assertThatThrownBy(() -> handshake(pando, "http/1.1")).hasMessageContaining("no_application_protocol");
        }
    }

    @Test
    void whoEndsTlsIsGone() throws Exception {
        try (PandoServer pando = serve();
                Socket below = new WithoutHalfEnd(InetAddress.getLoopbackAddress(), pando.port());
                SSLSocket socket = handshake(below, "postgresql");
                RawClient client = new RawClient(socket)) {
            client.login();
            socket.shutdownOutput();
            // Pando ends TLS, too, and then the connection below it.
            below.getInputStream().readAllBytes();
        }
    }

    @Test
    void aSecondRequestForEncryptionIsAStrangeVersion() throws Exception {
        Map<Integer, String> versions = Map.of(SSL_REQUEST, "1234.5679", GSS_REQUEST, "1234.5680");
        try (PandoServer pando = serve()) {
            for (Map.Entry<Integer, String> version : versions.entrySet()) {
                byte[] request = ByteBuffer.allocate(8)
                        .putInt(8)
                        .putInt(version.getKey())
                        .array();
                try (SSLSocket socket = handshake(pando, "postgresql");
                        RawClient client = new RawClient(socket)) {
                    client.send(request);
                    assertThat(client.nextByte()).isEqualTo('N');
                    client.send(request);
                    assertThat(client.nextError())
                            .isEqualTo("0A000 unsupported frontend protocol " + version.getValue()
                                    + ": server supports 3.0 to 3.2");
                }
            }
        }
    }
}
