package dev.pando.server.http;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request was meant for us. A page of any web site may make a browser send requests to 127.0.0.1 under the site's own name (DNS
 * rebinding) and read the answers; such a request carries that name in its Host header. So, while we listen on this machine only, we answer
 * to addresses, to {@code localhost} and to the configured name. Once opened to a network on purpose, names are that network's business.
 */
final class HostCheck {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-fA-F:.%]+]");
    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

    private final String configured;
    private final boolean open;

    HostCheck(String configured, boolean open) {
        this.configured = configured;
        this.open = open;
    }

    boolean accepts(@Nullable String header) {
        if (header == null) {
            return false;
        }
        String host = PORT.matcher(header).replaceFirst("");
        return open
                || host.equalsIgnoreCase("localhost")
                || host.equalsIgnoreCase(configured)
                || IPV4.matcher(host).matches()
                || IPV6.matcher(host).matches();
    }
}
