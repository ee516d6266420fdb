package dev.pando.core.topology;

/** Where a server listens. A host that begins with {@code /} is the folder of its unix socket, as in libpq; with {@code @} an abstract one. */
public record Address(String host, int port) {
    /** Over a unix socket: on this machine, and never encrypted. */
    public boolean local() {
        return host.startsWith("/") || host.startsWith("@");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
