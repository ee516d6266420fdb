package dev.pando.core.config;

import dev.pando.core.hba.RuleFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where passwords come from that do not stand in the configuration file itself. */
public interface SecretSource {
    /** The text of a file; a relative path starts at the configuration file's folder. */
    String file(String path) throws IOException;

    @Nullable
    String variable(String name);

    /** Files as they are, line by line. */
    default RuleFiles rules() {
        return new RuleFiles() {
            @Override
            public String text(String path) throws IOException {
                return file(path);
            }

            @Override
            public List<String> names(String folder) throws IOException {
                throw new NoSuchFileException(folder);
            }
        };
    }

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

            @Override
            public RuleFiles rules() {
                return filesIn(folder);
            }
        };
    }

    private static RuleFiles filesIn(Path folder) {
        return new RuleFiles() {
            @Override
            public String text(String path) throws IOException {
                return Files.readString(folder.resolve(path));
            }

            @Override
            public List<String> names(String path) throws IOException {
                try (Stream<Path> entries = Files.list(folder.resolve(path))) {
                    return entries.map(entry -> String.valueOf(entry.getFileName()))
                            .toList();
                }
            }
        };
    }
}
