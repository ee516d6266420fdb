package dev.pando.server.control;

import dev.pando.core.config.PandoConfig;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.WrappedFactory;

/**
 * For pgjdbc: TLS to servers as {@code [shard_tls]} says, like the data path's. It makes these of a class name and a text,
 * {@code sslfactoryarg}, so the settings are packed into one ({@link #packed}). Whether a server's name fits its certificate pgjdbc looks at.
 */
public final class PemSocketFactory extends WrappedFactory {
    private static final String NEXT = "\0";
    private static final String VERIFIES = "verifies";

    private final String[] protocols;
    private final String ciphers;

    /** Called by pgjdbc. */
    public PemSocketFactory(String packed) throws GeneralSecurityException, IOException {
        String[] parts = packed.split(NEXT, -1);
        protocols = parts[0].equals("TLSv1.3") ? new String[] {"TLSv1.3"} : new String[] {"TLSv1.3", "TLSv1.2"};
        ciphers = parts[1];
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(parts[4], parts[5]), trust(parts[2].equals(VERIFIES), parts[3]), null);
        factory = context.getSocketFactory();
    }

    static String packed(PandoConfig.ServerTls tls) {
        String ciphers = tls.suite().ciphers();
        return String.join(
                NEXT,
                tls.suite().minimum(),
                ciphers == null ? "" : ciphers,
                tls.mode().verifies() ? VERIFIES : "",
                text(tls.authority()),
                text(tls.certificate()),
                text(tls.key()));
    }

    private static String text(PandoConfig.@Nullable Pem pem) {
        return pem == null ? "" : pem.text().reveal();
    }

    private static TrustManager[] trust(boolean verifies, String authorities)
            throws GeneralSecurityException, IOException {
        if (!verifies) {
            return InsecureTrustManagerFactory.INSTANCE.getTrustManagers();
        }
        if (authorities.isEmpty()) {
            throw new KeyStoreException("servers are to be verified, and there is no authority to do so");
        }
        KeyStore trusted = empty();
        for (Certificate authority :
                CertificateFactory.getInstance("X.509").generateCertificates(stream(authorities))) {
            trusted.setCertificateEntry(Integer.toString(trusted.size()), authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust.getTrustManagers();
    }

    /** What is shown to servers that ask for a certificate; null for none. */
    private static KeyManager @Nullable [] keys(String certificate, String key)
            throws GeneralSecurityException, IOException {
        if (certificate.isEmpty() || key.isEmpty()) {
            return null;
        }
        Certificate[] chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(stream(certificate))
                .toArray(Certificate[]::new);
        String body = key.substring(key.indexOf('\n', key.indexOf("-----BEGIN ")), key.lastIndexOf("-----END "));
        PrivateKey ours = KeyFactory.getInstance(chain[0].getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
        KeyStore store = empty();
        store.setKeyEntry("pando", ours, new char[0], chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean close) throws IOException {
        SSLSocket socket = (SSLSocket) super.createSocket(plain, host, port, close);
        socket.setEnabledProtocols(protocols);
        if (!ciphers.isEmpty()) {
            socket.setEnabledCipherSuites(ciphers.split(":", -1));
        }
        return socket;
    }
}
