package dev.pando.core.pool;

import dev.pando.core.topology.Address;
import java.util.List;

/** Which of several servers that hold the same the next connection goes to. Owned by one event loop. */
public final class Hosts {
    private final List<Address> hosts;
    private final boolean balanced;
    private int next;

    /** {@code balanced}: each in turn; else the same one until it cannot be reached. */
    public Hosts(List<Address> hosts, boolean balanced) {
        this.hosts = List.copyOf(hosts);
        this.balanced = balanced;
    }

    public int size() {
        return hosts.size();
    }

    public Address next() {
        Address host = hosts.get(next);
        if (balanced) {
            next = (next + 1) % hosts.size();
        }
        return host;
    }

    /** It could not be reached. */
    public void failed(Address host) {
        if (hosts.get(next).equals(host)) {
            next = (next + 1) % hosts.size();
        }
    }
}
