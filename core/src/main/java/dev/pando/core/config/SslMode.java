package dev.pando.core.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How Pando encrypts its connections to servers, in libpq's words. */
public enum SslMode {
    DISABLE,
    PREFER,
    REQUIRE,
    VERIFY_CA,
    VERIFY_FULL;

    /** As written in the configuration file, and as PostgreSQL's drivers take it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the server's certificate has to be signed by somebody known. */
    public boolean verifies() {
        return this == VERIFY_CA || this == VERIFY_FULL;
    }

    static SslMode of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    static List<String> words() {
        return Stream.of(values()).map(SslMode::word).toList();
    }
}
