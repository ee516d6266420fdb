package dev.pando.core.pool;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** When a client gives back its server connection. */
public enum PoolMode {
    /** At the end of each transaction; what the client set is followed to the next connection. */
    TRANSACTION,
    /** When it leaves; messages pass unchanged, and the connection is cleaned before somebody else has it. */
    SESSION,
    /** After each statement; transactions of several statements are refused. */
    STATEMENT;

    /** As written in the configuration file and shown in the admin database. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static PoolMode of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    public static List<String> words() {
        return Stream.of(values()).map(PoolMode::word).toList();
    }
}
