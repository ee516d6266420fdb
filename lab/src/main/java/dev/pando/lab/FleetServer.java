package dev.pando.lab;

/** Where a server of the fleet listens, and the process id it had when asked ({@code 0}: it is not running right now). */
public record FleetServer(ServerName name, String host, int port, long pid) {
    public boolean isRunning() {
        return pid != 0;
    }
}
