package dev.pando.server.http;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.ConfigPrinter;
import dev.pando.core.config.NearMiss;
import dev.pando.server.admin.AdminView;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what is asked of a {@link Route}. docs/http.md describes every path, parameter and field. */
final class Routes {
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

    /** {@code query} is what stands behind the question mark. May block while servers are asked. */
    Answer get(Route.Asked asked, @Nullable String query) {
        String wrong = query == null || query.isEmpty() ? null : problem(query, asked.route());
        if (wrong != null) {
            return Answer.error(400, wrong);
        }
        return switch (asked.route()) {
            case PAGE -> Answer.text("text/html", page.html());
            case HEALTH -> Answer.json(200, new Health("alive", view.uptime().toSeconds()));
            case READY -> ready();
            case CONFIG -> Answer.text("application/toml", ConfigPrinter.print(view.config()));
            case METRICS -> Answer.text(Exposition.CONTENT_TYPE, MetricsPage.of(view, fleet()));
            case SHARD_STATS -> stats("exact=true".equals(query) ? exact : estimated);
            case STATEMENTS -> statements(StatementsQuery.of(query));
            case REPEATS -> Answer.json(200, StatementsReport.Repeats.of(view.sight()));
            case PLAN -> plan(asked.id());
        };
    }

    /** Nobody logs in here, and servers are asked on behalf of users: so it is for the configuration to allow. */
    private Answer plan(long statement) {
        if (!view.config().http().plans()) {
            throw new PandoException(PandoError.PLANS_OFF);
        }
        return Answer.json(200, StatementsReport.Plan.of(view.plan(statement)));
    }

    private Answer statements(StatementsQuery asked) {
        return Answer.json(200, StatementsReport.of(view.sight(), asked.order(), asked.ascending(), asked.limit()));
    }

    private static @Nullable String problem(String query, Route route) {
        return switch (route) {
            case STATEMENTS -> StatementsQuery.problem(query);
            case SHARD_STATS -> exactProblem(query);
            case PAGE, HEALTH, READY, CONFIG, METRICS, REPEATS, PLAN -> "this path takes no parameters";
        };
    }

    private static @Nullable String exactProblem(String query) {
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
