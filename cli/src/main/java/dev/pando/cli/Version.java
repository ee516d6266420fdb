package dev.pando.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code pando --version} prints; the number comes from the build. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"pando " + number() + " (Java " + Runtime.version().feature() + ")"};
    }

    static String number() {
        Properties properties = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("/pando.properties")) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}
