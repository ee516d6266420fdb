package dev.pando.core.config;

import dev.pando.core.pool.PoolMode;
import dev.pando.core.topology.Address;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plain database: one server behind a name, or several that hold the same.
 *
 * @param name as clients say it; {@link #ANY} for every name that no other entry has
 * @param balanced whether connections go to the servers in turn; else to the first, and on to the next when it cannot be reached
 * @param dbname what the servers call it, null for as clients do
 * @param login what Pando logs in with, null for each client's own name and password
 * @param mode null for that of the pool
 * @param connectQuery run on every new server connection, empty for nothing
 */
public record DatabaseConfig(
        String name,
        List<Address> servers,
        boolean balanced,
        @Nullable String dbname,
        @Nullable Login login,
        @Nullable PoolMode mode,
        String connectQuery) {
    /** The name that stands for all that are not there. */
    public static final String ANY = "*";

    public DatabaseConfig {
        servers = List.copyOf(servers);
    }

    /** A role on the servers. */
    public record Login(String user, Secret password) {}

    /** Whether it is made anew for each name that clients say. */
    public boolean any() {
        return name.equals(ANY);
    }
}
