package dev.pando.cli;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.DatabaseConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.PandoConfig.User;
import dev.pando.server.PandoServer;
import dev.pando.server.net.ServiceManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What {@code up} and {@code serve} have in common: ports, the ready line, and the live status until the end. */
final class Serving {
    private static final long REDRAW_MILLIS = 1000;

    private Serving() {}

    /** Throws {@code PORT_TAKEN} before anything is started; {@code option} tells how to choose another port. */
    static void requireFree(String host, int port, String option) {
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host.equals("*") ? "0.0.0.0" : host), port));
        } catch (UnknownHostException e) {
            throw PandoException.causedBy(e, PandoError.CONFIG_INVALID, "listen address \"" + host + "\" is unknown");
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.PORT_TAKEN, port, host, option);
        }
    }

    static void requireFree(PandoConfig config, String portOption, String httpPortOption) {
        if (!config.listen().sockets().reusePort()) {
            config.listen()
                    .hosts()
                    .forEach(host -> requireFree(host, config.listen().port(), portOption));
        }
        if (config.http().enabled()) {
            requireFree(config.http().host(), config.http().port(), httpPortOption);
        }
    }

    /**
     * Prints the one line that says all is ready, then the live status until the server has ended or this thread is interrupted.
     *
     * @param next what people do now, on their terminals only; {@code %s} stands for the address
     */
    static void untilEnded(PandoServer server, PandoConfig config, Screen screen, String next) {
        screen.line(readyLine(config, server.port(), server.httpPort()));
        screen.hint(next.formatted(url(config, server.port())));
        ServiceManager.tell("READY=1");
        try {
            while (!Thread.interrupted() && !ended(server)) {
                screen.live(server.status());
            }
        } catch (InterruptedException e) {
            // Cleared on purpose: what comes next is the orderly stop, which must not be interrupted again.
            screen.line("stopping");
            return;
        }
        screen.line("stopping");
        ServiceManager.tell("STOPPING=1");
    }

    /** Waits for it a moment. */
    private static boolean ended(PandoServer server) throws InterruptedException {
        try {
            server.ended().get(REDRAW_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw PandoException.causedBy(e, PandoError.BUG, "the end: " + e.getCause());
        }
    }

    static String readyLine(PandoConfig config, int port, int httpPort) {
        String http = httpPort == 0 ? "" : "  http://" + reachable(config.http().host()) + ":" + httpPort + "/";
        return "ready " + url(config, port) + http;
    }

    private static String url(PandoConfig config, int port) {
        String login = config.users().stream()
                .filter(user -> !user.name().equals("*"))
                .map(Serving::login)
                .findFirst()
                .orElse("");
        return "postgres://" + login + reachable(config.listen().hosts().getFirst()) + ":" + port + "/"
                + encoded(database(config));
    }

    /** One that a client can name. */
    private static String database(PandoConfig config) {
        return config.databases().stream()
                .filter(entry -> config.shards().isEmpty() && !entry.any())
                .map(DatabaseConfig::name)
                .findFirst()
                .orElse(config.shards().isEmpty() ? "postgres" : config.database());
    }

    /** The well-known password of the quick start helps; a real one is nobody's business. */
    private static String login(User user) {
        String password = user.password().reveal();
        return encoded(user.name()) + (password.equals("app") ? ":app@" : "@");
    }

    /** An address that a client on this machine can use. */
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0", "*" -> "127.0.0.1";
            case "::" -> "[::1]";
            default -> host.indexOf(':') < 0 ? host : "[" + host + "]";
        };
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
