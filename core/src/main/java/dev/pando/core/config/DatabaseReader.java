package dev.pando.core.config;

import dev.pando.core.pool.PoolMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plain databases, and what must hold between them and the sharded one. */
final class DatabaseReader {
    private final Problems problems;
    private final Passwords passwords;
    /** The sharded database's, null when there is none. */
    private final @Nullable String sharded;

    DatabaseReader(Problems problems, Passwords passwords, @Nullable String sharded) {
        this.problems = problems;
        this.passwords = passwords;
        this.sharded = sharded;
    }

    List<DatabaseConfig> read(List<Values> entries) {
        List<DatabaseConfig> databases = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Values entry : entries) {
            DatabaseConfig.Login login = login(entry);
            if (!entry.has(ConfigKey.DATABASES_NAME) || !entry.has(ConfigKey.DATABASES_SERVERS)) {
                continue;
            }
            String name = entry.text(ConfigKey.DATABASES_NAME);
            if (!names.add(name)) {
                problem(entry, ConfigKey.DATABASES_NAME, "database \"" + name + "\" is there twice");
            }
            if (name.equals(sharded)) {
                problem(
                        entry,
                        ConfigKey.DATABASES_NAME,
                        "\"" + name + "\" is the sharded database's name (database.name)");
            }
            if (name.equals(ConfigReader.ADMIN_DATABASE)) {
                problem(entry, ConfigKey.DATABASES_NAME, "\"" + name + "\" is taken by the admin database");
            }
            if (entry.servers(ConfigKey.DATABASES_SERVERS).isEmpty()) {
                problem(entry, ConfigKey.DATABASES_SERVERS, "is empty; name at least one server");
            }
            databases.add(new DatabaseConfig(
                    name,
                    entry.servers(ConfigKey.DATABASES_SERVERS),
                    entry.text(ConfigKey.DATABASES_LOAD_BALANCE).equals("round-robin"),
                    text(entry, ConfigKey.DATABASES_DBNAME),
                    login,
                    mode(entry, ConfigKey.DATABASES_POOL_MODE),
                    entry.has(ConfigKey.DATABASES_CONNECT_QUERY) ? entry.text(ConfigKey.DATABASES_CONNECT_QUERY) : ""));
        }
        return databases;
    }

    private DatabaseConfig.@Nullable Login login(Values entry) {
        boolean password = entry.given(ConfigKey.DATABASES_PASSWORD)
                || entry.given(ConfigKey.DATABASES_PASSWORD_FILE)
                || entry.given(ConfigKey.DATABASES_PASSWORD_ENV);
        if (!entry.given(ConfigKey.DATABASES_USER)) {
            if (password) {
                problem(entry, ConfigKey.DATABASES_USER, "is missing; a password is given for it");
            }
            return null;
        }
        Secret secret = password
                ? passwords.of(
                        entry,
                        ConfigKey.DATABASES_PASSWORD,
                        ConfigKey.DATABASES_PASSWORD_FILE,
                        ConfigKey.DATABASES_PASSWORD_ENV)
                : new Secret("");
        return entry.has(ConfigKey.DATABASES_USER)
                ? new DatabaseConfig.Login(entry.text(ConfigKey.DATABASES_USER), secret)
                : null;
    }

    static @Nullable PoolMode mode(Values entry, ConfigKey key) {
        return entry.has(key) ? PoolMode.of(entry.text(key)) : null;
    }

    private static @Nullable String text(Values entry, ConfigKey key) {
        return entry.has(key) ? entry.text(key) : null;
    }

    private void problem(Values entry, ConfigKey key, String message) {
        problems.add(entry.position(key), entry.name(key), message);
    }
}
