package dev.pando.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * SCRAM-SHA-256 keys of one password (RFC 5802, RFC 7677), shared by all clients of a run.
 *
 * <p>The salted password costs thousands of HMACs (4,096 rounds by default) and depends only on salt and rounds, which a server keeps per
 * role. It is computed once for each pair, so ten thousand logins cost one derivation. The number of pairs is bounded: a server that gives
 * a new salt every time makes each login pay, but does not fill the memory.
 */
final class ScramKeys {
    private static final int CACHE_LIMIT = 64;
    private static final int MAX_ROUNDS = 1_000_000;

    private record Salt(String base64, int rounds) {}

    /** Never compared, never changed. */
    @SuppressWarnings("ArrayRecordComponent")
    record Keys(byte[] clientKey, byte[] storedKey, byte[] serverKey) {}

    private final byte[] password;
    private final Map<Salt, Keys> known = new ConcurrentHashMap<>();

    ScramKeys(String password) {
        // SASLprep maps to NFKC; its prohibited characters are left to the server to refuse.
        this.password = Normalizer.normalize(password, Normalizer.Form.NFKC).getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException when salt or rounds are not usable */
    Keys keys(String saltBase64, int rounds) {
        if (rounds < 1 || rounds > MAX_ROUNDS) {
            throw new IllegalArgumentException("SCRAM iteration count " + rounds);
        }
        Salt salt = new Salt(saltBase64, rounds);
        Keys cached = known.get(salt);
        if (cached != null) {
            return cached;
        }
        Keys derived = derive(salt);
        if (known.size() < CACHE_LIMIT) {
            known.put(salt, derived);
        }
        return derived;
    }

    private Keys derive(Salt salt) {
        byte[] salted = saltedPassword(Base64.getDecoder().decode(salt.base64()), salt.rounds());
        byte[] clientKey = hmac(salted, "Client Key");
        return new Keys(clientKey, sha256(clientKey), hmac(salted, "Server Key"));
    }

    /** RFC 5802's Hi(): PBKDF2 with a single block. An empty password is padded to one zero byte, which HMAC would do anyway. */
    private byte[] saltedPassword(byte[] salt, int rounds) {
        Mac mac = mac(password.length == 0 ? new byte[1] : password);
        mac.update(salt);
        byte[] round = mac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] result = round.clone();
        for (int i = 1; i < rounds; i++) {
            round = mac.doFinal(round);
            for (int b = 0; b < result.length; b++) {
                result[b] ^= round[b];
            }
        }
        return result;
    }

    static byte[] hmac(byte[] key, String text) {
        return mac(key).doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        return digest("SHA-256").digest(bytes);
    }

    /** PostgreSQL's md5 login: {@code md5(md5(password + user) + salt)}, for poolers that still ask for it. */
    String md5Answer(String user, byte[] salt) {
        MessageDigest md5 = digest("MD5");
        md5.update(password);
        String inner = HexFormat.of().formatHex(md5.digest(user.getBytes(StandardCharsets.UTF_8)));
        md5.update(inner.getBytes(StandardCharsets.US_ASCII));
        return "md5" + HexFormat.of().formatHex(md5.digest(salt));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    int cached() {
        return known.size();
    }
}
