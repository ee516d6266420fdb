package dev.pando.server.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What every request goes through: bound on requests at once, host, method, errors, and headers of the answer. */
final class HttpHandling implements HttpHandler {
    static final int MOST_AT_ONCE = 64;
    private static final Logger LOG = LoggerFactory.getLogger(HttpHandling.class);

    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final Routes routes;
    private final HostCheck hosts;

    HttpHandling(Routes routes, HostCheck hosts) {
        this.routes = routes;
        this.hosts = hosts;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean admitted = places.tryAcquire();
            try {
                send(exchange, admitted ? answer(exchange) : Answer.error(503, "too many requests at once"));
            } finally {
                if (admitted) {
                    places.release();
                }
            }
        }
    }

    private Answer answer(HttpExchange exchange) {
        if (!hosts.accepts(exchange.getRequestHeaders().getFirst("Host"))) {
            return Answer.error(421, "this server does not answer to that host name");
        }
        String path = exchange.getRequestURI().getPath();
        Route.Asked asked = Route.of(path);
        if (asked == null) {
            return Answer.error(404, "there is no such path; there are " + String.join(", ", Route.allPaths()));
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return Answer.error(405, "only GET and HEAD are possible");
        }
        try {
            return routes.get(asked, exchange.getRequestURI().getRawQuery());
        } catch (PandoException e) {
            return Answer.error(status(e.error()), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("request for {} failed", path, e);
            return Answer.error(500, "internal error, see the log");
        }
    }

    /** Most errors come from asking servers, which another time may do. */
    private static int status(PandoError error) {
        return error == PandoError.NO_PLAN ? 404 : error == PandoError.PLANS_OFF ? 403 : 503;
    }

    private void send(HttpExchange exchange, Answer answer) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.type());
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Content-Security-Policy", routes.contentSecurityPolicy());
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), head ? -1 : answer.body().length);
        if (!head) {
            OutputStream out = exchange.getResponseBody();
            out.write(answer.body());
            // Closing first reads what the client still sends.
            out.flush();
        }
    }
}
