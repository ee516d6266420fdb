package dev.pando.bench;

/**
 * How large the proxies under test are, the same for each.
 *
 * @param connections to the server
 * @param clients let in at once
 */
record ProxySizes(int connections, int clients) {}
