package dev.pando.base.auth;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The channel binding tls-server-end-point (RFC 5929): a hash of the server's certificate. */
public final class EndPointHash {
    private EndPointHash() {}

    /**
     * With the hash function of the certificate's own signature, or SHA-256 where that is MD5 or SHA-1. Null for a signature that has no
     * hash function of its own, such as Ed25519: the binding is not defined for it.
     */
    public static byte @Nullable [] of(X509Certificate certificate) throws GeneralSecurityException {
        String hash = hashFunction(certificate);
        return hash == null ? null : MessageDigest.getInstance(hash).digest(certificate.getEncoded());
    }

    private static @Nullable String hashFunction(X509Certificate certificate) throws GeneralSecurityException {
        String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (signature.contains("PSS")) {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            try {
                parameters.init(certificate.getSigAlgParams());
            } catch (IOException e) {
                throw new GeneralSecurityException("parameters of the signature cannot be read", e);
            }
            return atLeastSha256(
                    parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm());
        }
        int with = signature.indexOf("WITH");
        return with < 0 ? null : atLeastSha256(signature.substring(0, with));
    }

    private static String atLeastSha256(String name) {
        return switch (name.replace("-", "")) {
            case "SHA224" -> "SHA-224";
            case "SHA384" -> "SHA-384";
            case "SHA512" -> "SHA-512";
            default -> "SHA-256";
        };
    }
}
