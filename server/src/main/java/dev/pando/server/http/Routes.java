package dev.pando.server.http;

import dev.pando.core.config.ConfigPrinter;
import dev.pando.server.admin.AdminView;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is served where. */
final class Routes {
    static final List<String> PATHS = List.of("/", "/api/v1/shards/stats", "/api/v1/health", "/api/v1/config");

    private final AdminView view;
    private final StatsCache stats;
    private final StatusPage page = StatusPage.load();

    Routes(AdminView view, LongSupplier nanos) {
        this.view = view;
        this.stats = new StatsCache(view, nanos);
    }

    String contentSecurityPolicy() {
        return page.contentSecurityPolicy();
    }

    /** Null when nothing is there. May block while servers are asked. */
    @Nullable
    Answer get(String path) {
        return switch (path) {
            case "/" -> Answer.text("text/html", page.html());
            case "/api/v1/shards/stats" -> Answer.json(200, stats.report());
            case "/api/v1/health" -> health();
            case "/api/v1/config" -> Answer.text("application/toml", ConfigPrinter.print(view.config()));
            default -> null;
        };
    }

    private Answer health() {
        String reason = view.notReady();
        return reason == null
                ? Answer.json(200, new Health("ready", null))
                : Answer.json(503, new Health("unready", reason));
    }

    /** The body of {@code GET /api/v1/health}. */
    record Health(String status, @Nullable String reason) {}
}
