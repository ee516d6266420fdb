package dev.pando.base.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Locale;

/** The channel binding tls-server-end-point (RFC 5929): a hash of the server's certificate. */
public final class EndPointHash {
    private EndPointHash() {}

    /** With the hash function of the certificate's own signature, or SHA-256 where that is an old one or has none. */
    public static byte[] of(X509Certificate certificate) throws GeneralSecurityException {
        String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        String hash = signature.contains("SHA384") ? "SHA-384" : signature.contains("SHA512") ? "SHA-512" : "SHA-256";
        return MessageDigest.getInstance(hash).digest(certificate.getEncoded());
    }
}
