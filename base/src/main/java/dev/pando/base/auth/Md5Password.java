package dev.pando.base.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/** PostgreSQL's MD5: what is stored of a password, and the answer to AuthenticationMD5Password. */
public final class Md5Password {
    private static final String PREFIX = "md5";
    private static final int LENGTH = 35;

    private Md5Password() {}

    /** {@code md5} and 32 hexadecimal digits, as PostgreSQL writes them. */
    public static boolean isHash(String text) {
        return text.length() == LENGTH
                && text.startsWith(PREFIX)
                && text.chars().skip(PREFIX.length()).allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** What is stored. */
    public static String hash(String user, String password) {
        return PREFIX + hex((password + user).getBytes(StandardCharsets.UTF_8), new byte[0]);
    }

    /** The answer of whoever has what is stored. */
    public static String answer(String hash, byte[] salt) {
        return PREFIX + hex(hash.substring(PREFIX.length()).getBytes(StandardCharsets.UTF_8), salt);
    }

    private static String hex(byte[] first, byte[] second) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(first);
            md5.update(second);
            return HexFormat.of().formatHex(md5.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks MD5", e);
        }
    }
}
