package dev.pando.core.config;

/**
 * One thing wrong with a configuration file.
 *
 * @param key full name such as {@code pool.size} or {@code tables[2].function}; empty for a syntax error
 */
public record Problem(String file, int line, int column, String key, String message) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
