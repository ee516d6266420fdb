package dev.pando.server.http;

import dev.pando.base.error.PandoException;
import dev.pando.core.config.ConfigPrinter;
import dev.pando.core.config.NearMiss;
import dev.pando.server.admin.AdminView;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is served where. docs/http.md describes every path, parameter and field. */
final class Routes {
    /** Probes and scripts know the short forms; the others are the API's own. */
    static final List<String> PATHS = List.of(
            "/",
            "/health",
            "/ready",
            "/config",
            "/metrics",
            "/api/v1/health",
            "/api/v1/ready",
            "/api/v1/config",
            "/api/v1/shards/stats",
            "/api/v1/statements",
            "/api/v1/statements/repeats");

    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    private final AdminView view;
    private final StatsCache estimated;
    private final StatsCache exact;
    private final StatusPage page = StatusPage.load();

    Routes(AdminView view, LongSupplier nanos) {
        this.view = view;
        this.estimated = new StatsCache(view, false, nanos);
        this.exact = new StatsCache(view, true, nanos);
    }

    String contentSecurityPolicy() {
        return page.contentSecurityPolicy();
    }

    /** {@code path} is one of {@link #PATHS}; {@code query} is what stands behind the question mark. May block while servers are asked. */
    Answer get(String path, @Nullable String query) {
        String wrong = query == null || query.isEmpty() ? null : problem(query, path);
        if (wrong != null) {
            return Answer.error(400, wrong);
        }
        return switch (path) {
            case "/" -> Answer.text("text/html", page.html());
            case "/health", "/api/v1/health" ->
                Answer.json(200, new Health("alive", view.uptime().toSeconds()));
            case "/ready", "/api/v1/ready" -> ready();
            case "/config", "/api/v1/config" -> Answer.text("application/toml", ConfigPrinter.print(view.config()));
            case "/metrics" -> Answer.text(Exposition.CONTENT_TYPE, MetricsPage.of(view, fleet()));
            case "/api/v1/statements" -> statements(StatementsQuery.of(query));
            case "/api/v1/statements/repeats" -> Answer.json(200, StatementsReport.Repeats.of(view.sight()));
            case "/api/v1/shards/stats" -> stats("exact=true".equals(query) ? exact : estimated);
            default -> throw new IllegalArgumentException(path);
        };
    }

    private Answer statements(StatementsQuery asked) {
        return Answer.json(200, StatementsReport.of(view.sight(), asked.order(), asked.ascending(), asked.limit()));
    }

    private static @Nullable String problem(String query, String path) {
        if (path.equals("/api/v1/statements")) {
            return StatementsQuery.problem(query);
        }
        if (!path.equals("/api/v1/shards/stats")) {
            return "this path takes no parameters";
        }
        if (query.equals("exact=true") || query.equals("exact=false")) {
            return null;
        }
        String name = query.split("=", 2)[0];
        if (name.equals("exact") && !query.contains("&")) {
            return "exact is either true or false";
        }
        boolean meant = NearMiss.closest(name, List.of("exact")) != null && !name.equals("exact");
        return meant
                ? "unknown parameter; did you mean exact=true?"
                : "the only parameter is exact=true or exact=false";
    }

    private static Answer stats(StatsCache cache) {
        StatsReport report = cache.report();
        return report == null
                ? Answer.error(503, "the servers are still being asked, and enough requests wait for that")
                : Answer.json(200, report);
    }

    /** Null when the servers cannot be asked: what this process knows of itself is told all the same. */
    private @Nullable StatsReport fleet() {
        try {
            return estimated.report();
        } catch (PandoException unreachable) {
            LOG.debug("metrics without those of the servers", unreachable);
            return null;
        }
    }

    private Answer ready() {
        String reason = view.notReady();
        return reason == null
                ? Answer.json(200, new Ready("ready", null))
                : Answer.json(503, new Ready("unready", reason));
    }

    /** The body of {@code GET /health}: whether the process answers at all. */
    record Health(String status, long uptimeSeconds) {}

    /** The body of {@code GET /ready}: whether clients are served, and if not, why. */
    record Ready(String status, @Nullable String reason) {}
}
