package dev.pando.core.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.List;

/** Reads passwords, of which each may stand in the configuration file, in a file of its own, or in an environment variable. */
final class Passwords {
    private final Problems problems;
    private final SecretSource secrets;

    Passwords(Problems problems, SecretSource secrets) {
        this.problems = problems;
        this.secrets = secrets;
    }

    /** The one that is given; empty, with a problem noted, unless exactly one is. */
    Secret of(Values values, ConfigKey literal, ConfigKey file, ConfigKey variable) {
        List<ConfigKey> given =
                List.of(literal, file, variable).stream().filter(values::given).toList();
        if (given.size() != 1) {
            String message = given.isEmpty()
                    ? "is missing; give password, password_file or password_env"
                    : "give only one of password, password_file and password_env";
            problems.add(values.position(given.isEmpty() ? literal : given.getLast()), values.name(literal), message);
            return new Secret("");
        }
        ConfigKey key = given.getFirst();
        if (!values.has(key)) {
            return new Secret("");
        }
        return key == literal ? values.secret(key) : referred(values, key, key == file);
    }

    private Secret referred(Values values, ConfigKey key, boolean file) {
        String where = values.text(key);
        try {
            String found = file ? secrets.file(where) : secrets.variable(where);
            if (found != null && !found.isEmpty()) {
                return new Secret(found);
            }
            problems.add(
                    values.position(key),
                    values.name(key),
                    file ? "file " + where + " is empty" : "environment variable " + where + " is not set");
        } catch (IOException | InvalidPathException e) {
            problems.add(values.position(key), values.name(key), "file " + where + " cannot be read: " + e);
        }
        return new Secret("");
    }
}
