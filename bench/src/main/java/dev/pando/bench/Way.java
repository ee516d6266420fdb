package dev.pando.bench;

import org.jspecify.annotations.Nullable;

/**
 * One of the ways by which the same requests go that {@code bench fleet} compares.
 *
 * @param process the proxy's; null without one
 * @param prepares whether named prepared statements work
 */
record Way(String name, PostgresUrl url, @Nullable ProxyProcess process, boolean prepares) {
    static Way through(String name, Proxies.Started started) {
        return new Way(name, started.url(), started.process(), started.prepares());
    }
}
