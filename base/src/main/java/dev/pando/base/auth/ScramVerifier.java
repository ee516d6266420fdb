package dev.pando.base.auth;

import com.ongres.scram.common.StringPreparation;
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
    static final String PREFIX = "SCRAM-SHA-256$";
    private static final int HASH_BYTES = 32;
    /** A user may store a verifier of its own making, and each password that is tried against it costs us so many rounds. */
    private static final int MOST_TRIED = 1_000_000;

    /** From a password; costs {@code iterations} rounds of HMAC, so once per user and not per login. */
    public static ScramVerifier derive(String password, byte[] salt, int iterations) {
        byte[] salted = salted(password, salt, iterations);
        byte[] storedKey = sha256(hmac(salted, "Client Key"));
        return new ScramVerifier(iterations, salt.clone(), storedKey, hmac(salted, "Server Key"));
    }

    static byte[] salted(String password, byte[] salt, int iterations) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(prepared(password), salt, iterations, HASH_BYTES * 8))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks PBKDF2WithHmacSHA256", e);
        }
    }

    /**
     * For a user who does not exist: the same user always gets the same salt, as a real one does, so that asking twice tells nothing. It
     * admits nobody, since no password is known for its keys, and costs no key stretching.
     *
     * @param secret random bytes kept as long as the real verifiers' salts, and never shown
     * @param saltBytes as long as those of real users
     */
    public static ScramVerifier madeUp(byte[] secret, String user, int saltBytes, int iterations) {
        if (saltBytes < 1 || saltBytes > HASH_BYTES) {
            throw new IllegalArgumentException("salt of " + saltBytes + " bytes");
        }
        byte[] salt = Arrays.copyOf(hmac(secret, "salt " + user), saltBytes);
        return new ScramVerifier(iterations, salt, hmac(secret, "stored " + user), hmac(secret, "server " + user));
    }

    /** Whether it is of this password; costs as much as {@link #derive}, and is no when that would take more than a second or so. */
    boolean fits(String password) {
        return iterations <= MOST_TRIED
                && MessageDigest.isEqual(derive(password, salt, iterations).storedKey(), storedKey);
    }

    /** As PostgreSQL does it: SASLprep, and as it came when SASLprep refuses. */
    private static char[] prepared(String password) {
        char[] raw = password.toCharArray();
        return raw.length == 0 ? raw : StringPreparation.POSTGRESQL_PREPARATION.normalize(raw);
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
            var verifier = new ScramVerifier(
                    Integer.parseInt(head[0]), base64.decode(head[1]), base64.decode(keys[0]), base64.decode(keys[1]));
            return verifier.plausible() ? verifier : null;
        } catch (IllegalArgumentException notAVerifier) {
            return null;
        }
    }

    private boolean plausible() {
        return iterations > 0 && salt.length > 0 && storedKey.length == HASH_BYTES && serverKey.length == HASH_BYTES;
    }

    /** PostgreSQL's text form, as in {@code pg_authid.rolpassword}. */
    public String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        return PREFIX + iterations + ":" + base64.encodeToString(salt) + "$" + base64.encodeToString(storedKey) + ":"
                + base64.encodeToString(serverKey);
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
