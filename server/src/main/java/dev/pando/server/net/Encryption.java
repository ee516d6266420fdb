package dev.pando.server.net;

import dev.pando.base.auth.EndPointHash;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.ClientTlsMode;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.SslMode;
import dev.pando.core.topology.Address;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS on both sides, made once from the configuration; immutable. */
final class Encryption {
    /** The name under which PostgreSQL's protocol is registered for ALPN. */
    static final String ALPN = "postgresql";

    private static final byte[] PROBE = {1, 2, 3};

    private final ClientTlsMode clientMode;
    private final @Nullable SslContext forClients;
    private final byte @Nullable [] certificateHash;
    private final SslMode serverMode;
    private final @Nullable Supplier<SslContext> forServers;
    private final Duration handshakeLimit;

    /** Throws CONFIG_INVALID when a file does not hold what it should. */
    Encryption(PandoConfig config) {
        PandoConfig.ClientTls clients = config.clientTls();
        this.clientMode = clients.mode();
        this.serverMode = config.serverTls().mode();
        this.handshakeLimit = config.limits().loginTimeout();
        if (clientMode == ClientTlsMode.OFF) {
            this.forClients = null;
            this.certificateHash = null;
        } else {
            PandoConfig.Pem certificate = Objects.requireNonNull(clients.certificate());
            PandoConfig.Pem key = Objects.requireNonNull(clients.key());
            this.certificateHash = hashOf(certificate);
            this.forClients = forClients(certificate, key, clients);
        }
        this.forServers = serverMode == SslMode.DISABLE ? null : supplied(config.serverTls());
    }

    /**
     * What files and names of ciphers are in is made at once, so that it is told at the start what is wrong with them. Java's own defaults
     * cannot be wrong, and making something of them is a noticeable part of a start, in vain when no server speaks TLS.
     */
    private static Supplier<SslContext> supplied(PandoConfig.ServerTls servers) {
        boolean defaults = servers.certificate() == null
                && servers.authority() == null
                && servers.suite().ciphers() == null;
        if (defaults) {
            return new Once(servers);
        }
        SslContext made = forServers(servers);
        return () -> made;
    }

    /** Made when the first server wants TLS: once, some 50 ms of an event loop. */
    private static final class Once implements Supplier<SslContext> {
        private final PandoConfig.ServerTls servers;
        private @Nullable SslContext made;

        Once(PandoConfig.ServerTls servers) {
            this.servers = servers;
        }

        @Override
        public synchronized SslContext get() {
            SslContext known = made;
            if (known == null) {
                known = forServers(servers);
                made = known;
            }
            return known;
        }
    }

    private static SslContext forClients(
            PandoConfig.Pem certificate, PandoConfig.Pem key, PandoConfig.ClientTls clients) {
        SslContextBuilder builder;
        try {
            builder = SslContextBuilder.forServer(stream(certificate), stream(key));
        } catch (IllegalArgumentException e) {
            throw invalid(
                    certificate.file() + " and " + key.file() + " are not a certificate and its key in PKCS #8", e);
        }
        requirePair(certificate, key);
        builder.sslProvider(SslProvider.JDK)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.FATAL_ALERT,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ALPN));
        suite(builder, clients.suite(), "tls");
        PandoConfig.Pem authority = clients.clientAuthority();
        if (authority != null) {
            // A certificate that is shown has to be good, also where none is demanded: rules may look at it.
            trust(builder, authority);
            builder.clientAuth(clients.mode() == ClientTlsMode.VERIFY ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        }
        return build(builder, certificate.file() + ", " + key.file());
    }

    private static SslContext forServers(PandoConfig.ServerTls servers) {
        SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        suite(builder, servers.suite(), "shard_tls");
        PandoConfig.Pem certificate = servers.certificate();
        PandoConfig.Pem key = servers.key();
        if (certificate != null && key != null) {
            keyed(builder, certificate, key);
        }
        if (servers.mode().verifies()) {
            trust(builder, Objects.requireNonNull(servers.authority()));
        } else {
            // The mode says so: encrypted, whoever it is.
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
        builder.endpointIdentificationAlgorithm(servers.mode() == SslMode.VERIFY_FULL ? "HTTPS" : null);
        return build(builder, "shard_tls");
    }

    /** Which versions and ciphers there are; Java refuses names it does not know. */
    private static void suite(SslContextBuilder builder, PandoConfig.Suite suite, String section) {
        builder.protocols(suite.minimum().equals("TLSv1.3") ? List.of("TLSv1.3") : List.of("TLSv1.3", "TLSv1.2"));
        String ciphers = suite.ciphers();
        if (ciphers != null) {
            List<String> wanted = List.of(ciphers.split(":", -1));
            Set<String> known = supported();
            wanted.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
                throw new PandoException(
                        PandoError.CONFIG_INVALID, section + ".ciphers: there is no \"" + name + "\", but " + known);
            });
            builder.ciphers(wanted);
        }
    }

    private static Set<String> supported() {
        try {
            return new TreeSet<>(
                    List.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites()));
        } catch (GeneralSecurityException e) {
            throw invalid("TLS: " + e.getMessage(), e);
        }
    }

    private static void keyed(SslContextBuilder builder, PandoConfig.Pem certificate, PandoConfig.Pem key) {
        try {
            builder.keyManager(stream(certificate), stream(key));
        } catch (IllegalArgumentException e) {
            throw invalid(
                    certificate.file() + " and " + key.file() + " are not a certificate and its key in PKCS #8", e);
        }
        requirePair(certificate, key);
    }

    private static void trust(SslContextBuilder builder, PandoConfig.Pem authority) {
        try {
            builder.trustManager(stream(authority));
        } catch (IllegalArgumentException e) {
            throw invalid(authority.file() + " holds no certificate", e);
        }
    }

    private static SslContext build(SslContextBuilder builder, String what) {
        try {
            return builder.build();
        } catch (SSLException e) {
            throw invalid(what + ": " + e.getMessage(), e);
        }
    }

    /** One signs and the other verifies: else every handshake would fail, and nobody would know why. */
    private static void requirePair(PandoConfig.Pem certificate, PandoConfig.Pem key) {
        try {
            PublicKey shown = first(certificate).getPublicKey();
            String kind = shown.getAlgorithm();
            Signature signature = Signature.getInstance(
                    switch (kind) {
                        case "EC" -> "SHA256withECDSA";
                        case "RSA" -> "SHA256withRSA";
                        default -> kind;
                    });
            signature.initSign(KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(body(key))));
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(shown);
            signature.update(PROBE);
            if (!signature.verify(signed)) {
                throw new GeneralSecurityException("what one signs the other does not verify");
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw invalid(key.file() + " is not the key of " + certificate.file(), e);
        }
    }

    private static byte[] body(PandoConfig.Pem pem) {
        String text = pem.text().reveal();
        int begin = text.indexOf('\n', text.indexOf("-----BEGIN "));
        int end = text.indexOf("-----END ", begin);
        if (begin < 0 || end < 0) {
            throw new IllegalArgumentException("no PEM block");
        }
        return Base64.getMimeDecoder().decode(text.substring(begin, end));
    }

    private static X509Certificate first(PandoConfig.Pem certificate) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream(certificate));
    }

    private static byte @Nullable [] hashOf(PandoConfig.Pem certificate) {
        try {
            return EndPointHash.of(first(certificate));
        } catch (GeneralSecurityException e) {
            throw invalid(certificate.file() + " holds no certificate", e);
        }
    }

    private static InputStream stream(PandoConfig.Pem pem) {
        return new ByteArrayInputStream(pem.text().reveal().getBytes(StandardCharsets.US_ASCII));
    }

    private static PandoException invalid(String what, Exception cause) {
        return PandoException.causedBy(cause, PandoError.CONFIG_INVALID, what);
    }

    /** What goes below a client's connection that asked for TLS; null when it is not offered. {@code arithmetic}: runs what is slow of the handshake. */
    @Nullable
    SslHandler forClient(ByteBufAllocator allocator, Executor arithmetic) {
        SslContext context = forClients;
        if (context == null) {
            return null;
        }
        SslHandler handler = context.newHandler(allocator, arithmetic);
        handler.setHandshakeTimeoutMillis(handshakeLimit.toMillis());
        return handler;
    }

    /** Whether a client without TLS may not log in. */
    boolean demanded() {
        return clientMode == ClientTlsMode.REQUIRE || clientMode == ClientTlsMode.VERIFY;
    }

    /** Of the certificate clients see, for SCRAM's channel binding. */
    byte @Nullable [] certificateHash() {
        return certificateHash;
    }

    /** Whether a new connection to a server begins with the question for TLS. */
    boolean askServers() {
        return forServers != null;
    }

    /** Whether a server may go without. */
    boolean plainServersAllowed() {
        return !serverMode.equals(SslMode.REQUIRE) && !serverMode.verifies();
    }

    /** What goes below a connection to the server. */
    SslHandler forServer(ByteBufAllocator allocator, Address server, Duration limit) {
        SslHandler handler =
                Objects.requireNonNull(forServers).get().newHandler(allocator, server.host(), server.port());
        handler.setHandshakeTimeoutMillis(limit.toMillis());
        return handler;
    }
}
