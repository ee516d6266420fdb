package dev.pando.server.http;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Everything that is served, with its paths as docs/http.md has them. Probes and scripts know the short ones; the others are the API's own. */
@SuppressWarnings("ImmutableEnumChecker") // lists that nobody changes, patterns without state
enum Route {
    PAGE("/"),
    HEALTH("/health", "/api/v1/health"),
    READY("/ready", "/api/v1/ready"),
    CONFIG("/config", "/api/v1/config"),
    METRICS("/metrics"),
    SHARD_STATS("/api/v1/shards/stats"),
    STATEMENTS("/api/v1/statements"),
    REPEATS("/api/v1/statements/repeats"),
    PLAN("/api/v1/statements/{id}/plan");

    /** Of the paths what stands for a number, and the numbers that fit. */
    private static final String ID = "{id}";

    private static final String NUMBER = "([0-9]{1,19})";

    private final List<String> paths;
    private final List<Pattern> patterns;

    Route(String... paths) {
        this.paths = List.of(paths);
        this.patterns = this.paths.stream()
                .map(path -> Pattern.compile(path.replace(ID, NUMBER)))
                .toList();
    }

    /**
     * A path that was asked for.
     *
     * @param id the number within it, 0 when it has none
     */
    record Asked(Route route, long id) {}

    /** Null when nothing is served there. */
    static @Nullable Asked of(String path) {
        for (Route route : values()) {
            for (Pattern pattern : route.patterns) {
                Matcher found = pattern.matcher(path);
                if (found.matches()) {
                    return new Asked(route, found.groupCount() == 0 ? 0 : Long.parseUnsignedLong(found.group(1)));
                }
            }
        }
        return null;
    }

    /** All there are. */
    static List<String> allPaths() {
        return Arrays.stream(values()).flatMap(route -> route.paths.stream()).toList();
    }
}
