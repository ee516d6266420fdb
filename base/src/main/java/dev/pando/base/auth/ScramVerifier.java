package dev.pando.base.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a server keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677): enough to check a login, not enough to log in. The text form is
 * PostgreSQL's: {@code SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey}.
 */
public record ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    private static final String PREFIX = "SCRAM-SHA-256$";
    private static final int HASH_BYTES = 32;

    /** From a password; costs {@code iterations} rounds of HMAC, so once per user and not per login. */
    public static ScramVerifier derive(String password, byte[] salt, int iterations) {
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(normalized(password), salt, iterations, HASH_BYTES * 8))
                    .getEncoded();
            byte[] storedKey = sha256(hmac(salted, "Client Key"));
            return new ScramVerifier(iterations, salt.clone(), storedKey, hmac(salted, "Server Key"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks PBKDF2WithHmacSHA256", e);
        }
    }

    /** SASLprep leaves ASCII as it is; other text is normalised as PostgreSQL's clients do it. */
    private static char[] normalized(String password) {
        boolean ascii = password.chars().allMatch(c -> c < 0x80);
        String text = ascii ? password : java.text.Normalizer.normalize(password, java.text.Normalizer.Form.NFKC);
        return text.toCharArray();
    }

    /** Reads PostgreSQL's text form; null when it is something else (then it is a plain password). */
    public static @Nullable ScramVerifier parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return null;
        }
        String[] halves = text.substring(PREFIX.length()).split("\\$", -1);
        if (halves.length != 2) {
            return null;
        }
        String[] head = halves[0].split(":", -1);
        String[] keys = halves[1].split(":", -1);
        if (head.length != 2 || keys.length != 2) {
            return null;
        }
        try {
            Base64.Decoder base64 = Base64.getDecoder();
            return new ScramVerifier(
                    Integer.parseInt(head[0]), base64.decode(head[1]), base64.decode(keys[0]), base64.decode(keys[1]));
        } catch (IllegalArgumentException notAVerifier) {
            return null;
        }
    }

    static byte[] hmac(byte[] key, String message) {
        return hmac(key, message.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks HmacSHA256", e);
        }
    }

    static byte[] sha256(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks SHA-256", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ScramVerifier that
                && iterations == that.iterations
                && Arrays.equals(salt, that.salt)
                && MessageDigest.isEqual(storedKey, that.storedKey)
                && MessageDigest.isEqual(serverKey, that.serverKey);
    }

    @Override
    public int hashCode() {
        return 31 * iterations + Arrays.hashCode(salt);
    }

    /** Never shows the keys. */
    @Override
    public String toString() {
        return "ScramVerifier[iterations=" + iterations + "]";
    }
}
