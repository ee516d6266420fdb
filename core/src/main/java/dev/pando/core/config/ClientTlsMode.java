package dev.pando.core.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How much encryption clients are offered, or asked for. */
public enum ClientTlsMode {
    OFF,
    ALLOW,
    REQUIRE,
    /** REQUIRE, with a certificate of the client's own. */
    VERIFY;

    /** As written in the configuration file. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ClientTlsMode of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    static List<String> words() {
        return Stream.of(values()).map(ClientTlsMode::word).toList();
    }
}
