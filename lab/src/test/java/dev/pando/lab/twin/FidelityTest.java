package dev.pando.lab.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A twin plans as its target does: the same text of EXPLAIN without costs, on a corpus from a seed over databases full of rows. Versions but the
 * newest are asked a sample of it, and all of it with {@code -Dpando.fidelity=full}.
 */
class FidelityTest {
    private static final int QUERIES = 1000;
    private static final int SAMPLE = 150;
    private static final boolean FULL = "full".equals(System.getProperty("pando.fidelity"));
    private static final long SEED = Long.getLong("pando.seed", 1);

    private record Corpus(String database, List<String> joins, List<String> expressions) {}

    private static final List<Corpus> CORPORA = List.of(
            new Corpus(
                    "shop",
                    List.of(
                            "orders.customer=customers.id",
                            "items.order_id=orders.id",
                            "items.product=products.id",
                            "customers.region=regions.id"),
                    List.of(
                            "orders: date_trunc('day', created AT TIME ZONE 'UTC') = timestamp '2024-05-05'",
                            "customers: lower(email) = 'user77@example.org'",
                            "orders: extract(month FROM created AT TIME ZONE 'UTC') = 3",
                            "products: price / 10 > 40",
                            "customers: city = 'city 7' AND zip = '00070'",
                            "orders: status IN ('new', 'paid') AND created > '2025-04-01'",
                            "customers: vip AND region = 4")),
            new Corpus(
                    "events",
                    List.of(
                            "events.device=devices.id",
                            "readings.device=devices.id",
                            "alarms.device=devices.id",
                            "devices.owner=owners.id",
                            "events.device=readings.device"),
                    List.of(
                            "devices: (attributes ->> 'k')::int = 7",
                            "events: at >= '2025-02-03' AND at < '2025-02-04'",
                            "events: at > '2025-03-05' AND kind = 9",
                            "devices: tags @> '{t3,u17}'",
                            "alarms: during && '[2025-02-01, 2025-02-02)'::tstzrange",
                            "readings: value < 12.5")),
            new Corpus(
                    "forum",
                    List.of(
                            "posts.author=people.id",
                            "votes.post=posts.id",
                            "votes.voter=people.id",
                            "follows.follower=people.id",
                            "follows.followed=people.id",
                            "badges.person=people.id",
                            "authors.author=people.id",
                            "posts.parent=recent.id"),
                    List.of(
                            "people: upper(handle) = 'P55'",
                            "posts: score % 10 = 3 AND id % 7 = 2",
                            "posts: score + id % 10 > 180",
                            "people: country = 'jp' AND karma = 0",
                            "posts: NOT hidden AND created > '2022-01-01'",
                            "posts: words @@ to_tsquery('simple', 'word7 & title')")));

    @ParameterizedTest
    @EnumSource(Major.class)
    void plansAreTheTargets(Major major) throws SQLException, IOException {
        List<String> mismatches = new ArrayList<>();
        int asked = 0;
        int queries = FULL || major == Major.newest() ? QUERIES : SAMPLE;
        try (TemporaryServer server = TemporaryServer.start(major, Targets.SETTINGS)) {
            for (Corpus corpus : CORPORA) {
                int share = (queries + CORPORA.size() - 1) / CORPORA.size();
                asked += share;
                Targets.create(server, corpus.database());
                compare(server, corpus, share, mismatches);
            }
        }

        mismatches.forEach(System.out::println);
        System.out.println(major + ": " + (asked - mismatches.size()) + " of " + asked + " plans are the same");
        assertThat(asked).isGreaterThanOrEqualTo(queries);
        assertThat(mismatches).hasSizeLessThanOrEqualTo(asked / 100);
    }

    private static void compare(TemporaryServer server, Corpus corpus, int count, List<String> mismatches)
            throws SQLException {
        try (Connection target = Sql.plain(server, corpus.database())) {
            Snapshot snapshot = SnapshotReader.read(target);
            QueryMaker maker = QueryMaker.of(target, SEED, corpus.joins(), corpus.expressions());
            try (Twin twin = Twin.ofPlanner(snapshot, step -> {});
                    Connection copy = Sql.plain(twin.server(), corpus.database())) {
                assertThat(twin.omissions()).isEmpty();
                Snapshot again = SnapshotReader.read(copy);
                assertThat(again.relations()).containsExactlyInAnyOrderElementsOf(snapshot.relations());
                assertThat(again.columns()).isEqualTo(snapshot.columns());
                assertThat(extended(again)).isNotEmpty().isEqualTo(extended(snapshot));
                assertThat(common(copy)).isEqualTo(common(target));
                for (int i = 0; i < count; i++) {
                    String query = maker.next();
                    String there = plan(target, query);
                    String here = plan(copy, query);
                    if (!there.equals(here)) {
                        mismatches.add(query + "\n  target:\n" + there.indent(4) + "  twin:\n" + here.indent(4));
                    }
                }
            }
        }
    }

    /** With names for numbers of columns, which may be others in the twin. */
    private static List<String> extended(Snapshot snapshot) {
        return snapshot.extended().stream()
                .map(data -> data.statistics()
                        + named(data, data.distinct())
                        + named(data, data.dependencies())
                        + data.expressions())
                .toList();
    }

    private static List<String> named(Snapshot.Extended data, @Nullable String text) {
        return text == null
                ? List.of()
                : ExtendedText.read(text).stream()
                        .map(item -> item.attributes().stream()
                                        .map(number -> number < 0
                                                ? "" + number
                                                : data.columns()
                                                        .get(data.numbers().indexOf(number)))
                                        .toList()
                                + " " + item.value())
                        .toList();
    }

    private static List<String> common(Connection connection) throws SQLException {
        return Sql.rows(connection, row -> row.getString(1), """
                SELECT format('%s %s %s %s %s', s.stxname, m.values, m.nulls, m.frequency, m.base_frequency)
                FROM pg_statistic_ext s JOIN pg_statistic_ext_data d ON d.stxoid = s.oid, pg_mcv_list_items(d.stxdmcv) m ORDER BY s.stxname, m.values::text
                """);
    }

    private static String plan(Connection connection, String query) throws SQLException {
        return String.join("\n", Sql.rows(connection, row -> row.getString(1), "EXPLAIN (COSTS OFF) " + query));
    }
}
