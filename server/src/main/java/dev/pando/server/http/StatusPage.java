package dev.pando.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The page at {@code /}: one file with its style and script in it. Its policy allows exactly those two, by their hashes. */
record StatusPage(String html, String contentSecurityPolicy) {
    static StatusPage load() {
        try (InputStream file = StatusPage.class.getResourceAsStream("status.html")) {
            if (file == null) {
                throw new IllegalStateException("status.html is not in the jar");
            }
            String html = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            String policy =
                    "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
                            + "frame-ancestors 'none'; style-src " + hash(html, "style") + "; script-src "
                            + hash(html, "script");
            return new StatusPage(html, policy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String html, String element) {
        int from = html.indexOf("<" + element + ">") + element.length() + 2;
        String content = html.substring(from, html.indexOf("</" + element + ">", from));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
