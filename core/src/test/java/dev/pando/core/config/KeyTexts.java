package dev.pando.core.config;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** What each key means: only the manual and the schema tell it, so a running Pando does not carry it. */
final class KeyTexts {
    private static final Properties TEXTS = read();

    private KeyTexts() {}

    private static Properties read() {
        Properties texts = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("src", "test", "resources", "config-keys.properties"))) {
            texts.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    static String of(ConfigKey key) {
        String text = TEXTS.getProperty(key.fullName(), TEXTS.getProperty(key.title()));
        if (text == null) {
            throw new AssertionError(key.fullName() + " has no text in config-keys.properties");
        }
        return text;
    }
}
