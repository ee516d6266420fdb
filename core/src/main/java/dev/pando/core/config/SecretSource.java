package dev.pando.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where passwords come from that do not stand in the configuration file itself. */
public interface SecretSource {
    /** The text of a file; a relative path starts at the configuration file's folder. */
    String file(String path) throws IOException;

    @Nullable
    String variable(String name);

    static SecretSource of(Path folder, Map<String, String> environment) {
        return new SecretSource() {
            @Override
            public String file(String path) throws IOException {
                return Files.readString(folder.resolve(path)).strip();
            }

            @Override
            public @Nullable String variable(String name) {
                return environment.get(name);
            }
        };
    }
}
