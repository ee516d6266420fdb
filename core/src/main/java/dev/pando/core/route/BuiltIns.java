package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/** The names of PostgreSQL 18's own functions, in functions.txt beside this class. */
public final class BuiltIns {
    private static final Set<String> NAMES = load();

    private BuiltIns() {}

    private static Set<String> load() {
        try (InputStream in = BuiltIns.class.getResourceAsStream("functions.txt")) {
            if (in == null) {
                throw new PandoException(PandoError.BUG, "functions.txt is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.BUG, "functions.txt cannot be read");
        }
    }

    public static boolean has(String name) {
        return NAMES.contains(name);
    }
}
