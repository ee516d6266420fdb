package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalDouble;

/** Everything {@code pando bench load} found out. */
record LoadReport(
        Instant at, String url, String server, boolean throughPando, long users, double seconds, FleetCounts servers) {

    @JsonProperty
    double rowsPerSecond() {
        return seconds > 0 ? users / seconds : 0;
    }

    @JsonProperty
    double publishedLargestToSmallest() {
        return Published.SPREAD;
    }

    /** Whether every user is there once, and on each replica as on its primary. */
    @JsonProperty
    boolean clean() {
        return servers.complete() && servers.rows() == users && servers.replicasEqual();
    }

    String summary() {
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "%,d users in %.1f s: %,.0f rows/s; %,d counted on the primaries: %s%n%n",
                users,
                seconds,
                rowsPerSecond(),
                servers.rows(),
                servers.rows() == users ? "equal" : "DIFFERS"));
        out.append(servers.render());
        OptionalDouble spread = servers.spread();
        if (servers.shards().size() > 1 && spread.isPresent()) {
            out.append(String.format(
                    Locale.ROOT,
                    "%nlargest ÷ smallest shard: %.3f (published for an MD5 ring: %.3f)%n",
                    spread.getAsDouble(),
                    Published.SPREAD));
        }
        return out.toString();
    }
}
