package dev.pando.core.config;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads {@code pando.toml}: everything that is wrong is reported at once, and nothing wrong is ever repaired silently. */
public final class ConfigLoader {
    private static final int MOST_PROBLEMS_SHOWN = 50;

    private ConfigLoader() {}

    /** Throws {@code CONFIG_INVALID} with one line per problem. */
    public static PandoConfig load(Path file, Purpose purpose, Map<String, String> environment) {
        Path folder = file.toAbsolutePath().getParent();
        SecretSource secrets = SecretSource.of(folder == null ? file.toAbsolutePath() : folder, environment);
        return parse(text(file), file.toString(), purpose, secrets);
    }

    /** Throws {@code CONFIG_INVALID} with one line per problem; {@code file} is for messages. */
    public static PandoConfig parse(String toml, String file, Purpose purpose, SecretSource secrets) {
        return switch (check(toml, file, purpose, secrets)) {
            case ConfigOutcome.Valid(PandoConfig config) -> config;
            case ConfigOutcome.Invalid(List<Problem> problems) ->
                throw new PandoException(PandoError.CONFIG_INVALID, summary(problems));
        };
    }

    /** What {@code pando up} uses without a file. */
    public static PandoConfig standard() {
        return parse("", "defaults", Purpose.UP, SecretSource.of(Path.of("."), Map.of()));
    }

    public static ConfigOutcome check(String toml, String file, Purpose purpose, SecretSource secrets) {
        return new ConfigReader(file, purpose, secrets).read(toml);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw PandoException.causedBy(e, PandoError.CONFIG_INVALID, file + ": there is no such file");
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.CONFIG_INVALID, file + ": cannot be read: " + e.getMessage());
        }
    }

    private static String summary(List<Problem> problems) {
        StringBuilder text = new StringBuilder();
        problems.stream()
                .limit(MOST_PROBLEMS_SHOWN)
                .forEach(problem -> text.append(text.isEmpty() ? "" : "\n").append(problem));
        int more = problems.size() - MOST_PROBLEMS_SHOWN;
        return more > 0 ? text + "\nand " + more + " more" : text.toString();
    }
}
