package dev.pando.core.shard;

import java.util.Collection;

/** Constants as SQL text. Always quoted and cast, so that they are constants for the parser too: -9223372036854775808 alone is not one. */
final class SqlText {
    private SqlText() {}

    static String constant(KeyType type, Key key) {
        return quoted(key.toString()) + "::" + constantType(type);
    }

    static String array(KeyType type, Collection<Key> keys) {
        StringBuilder elements = new StringBuilder("{");
        for (Key key : keys) {
            elements.append(elements.length() == 1 ? "" : ",");
            elements.append(type == KeyType.TEXT ? arrayElement(key.toString()) : key.toString());
        }
        return quoted(elements.append('}').toString()) + "::" + constantType(type) + "[]";
    }

    /** Valid whatever standard_conforming_strings is. */
    static String quoted(String text) {
        String doubled = text.replace("'", "''");
        return text.indexOf('\\') < 0 ? "'" + doubled + "'" : "E'" + doubled.replace("\\", "\\\\") + "'";
    }

    private static String arrayElement(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String constantType(KeyType type) {
        return type.integer() ? KeyType.INT8.sqlName() : type.sqlName();
    }
}
