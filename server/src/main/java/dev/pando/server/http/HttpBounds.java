package dev.pando.server.http;

import java.util.Map;

/**
 * Bounds on what a client can cost before a request reaches {@link HttpHandling}: the JDK's server takes them from system properties only,
 * once, when its first server is made. Values given on the command line win.
 */
final class HttpBounds {
    static final int MOST_CONNECTIONS = 256;
    static final int HEADER_BYTES = 16 * 1024;
    static final int REQUEST_SECONDS = 5;

    private static final Map<String, Integer> PROPERTIES = Map.of(
            // A connection more is closed at once.
            "jdk.httpserver.maxConnections",
            MOST_CONNECTIONS,
            "sun.net.httpserver.maxIdleConnections",
            64,
            "sun.net.httpserver.idleInterval",
            15,
            // From the first byte of a request to the last one of its body, and from there to the last one of the
            // answer. The second has
            // to leave time for counting rows.
            "sun.net.httpserver.maxReqTime",
            REQUEST_SECONDS,
            "sun.net.httpserver.maxRspTime",
            300,
            "sun.net.httpserver.maxReqHeaders",
            64,
            "sun.net.httpserver.maxReqHeaderSize",
            HEADER_BYTES,
            // Of a body nobody asked for; a longer one ends the connection.
            "sun.net.httpserver.drainAmount",
            HEADER_BYTES);

    private HttpBounds() {}

    static void apply() {
        PROPERTIES.forEach((property, value) -> {
            if (System.getProperty(property) == null) {
                System.setProperty(property, value.toString());
            }
        });
    }
}
