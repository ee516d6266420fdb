package dev.pando.lint.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.Node;
import dev.pando.grammar.ParseTree;
import dev.pando.grammar.ParserService;
import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.LockOracle;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.Outcome;
import dev.pando.lab.oracle.RelationLock;
import dev.pando.lint.fact.Effect;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Where a {@link Lookup} says anything but unknown, a real server of that major says the same, on a schema that is not the corpus's. */
class AgreementTest {
    private static final ParserService SERVICE = new ParserService(1, 16, GrammarLimits.DEFAULT);
    private static final long SEED = 7;

    @AfterAll
    static void stop() {
        SERVICE.close();
    }

    private static List<Node> statements(String sql) {
        return SERVICE.parse(sql).toCompletableFuture().join() instanceof ParseTree tree
                ? tree.statements().stream().map(ParseTree.Statement::node).toList()
                : List.of();
    }

    /** What counts of an effect. */
    private record Facts(String outcome, Set<RelationLock> locks, Set<Work> work, boolean refusesTransaction) {
        static Facts of(Observation seen) {
            Effect effect = Effect.of(seen, List.of(), Set.of(), Sizes.NONE, List.of());
            String outcome = effect.outcome() instanceof Outcome.Observed
                    ? "observed"
                    : effect.outcome().toString();
            return new Facts(
                    outcome, Set.copyOf(effect.locks()), Set.copyOf(effect.work()), effect.refusesTransaction());
        }
    }

    /** How it went: statements whose facts were known, and those where the two differ. */
    private static final class Tally {
        int known;
        final List<String> different = new ArrayList<>();

        void compare(String sql, Observation server, Observation offline) {
            if (offline.outcome() instanceof Outcome.Unknown) {
                return;
            }
            known++;
            // What rows there are no table of locks can know; nor does a server without them.
            boolean rows = server.outcome() instanceof Outcome.Failed failed
                    && failed.sqlState().matches("2[23].*");
            if (!rows && !Facts.of(server).equals(Facts.of(offline))) {
                different.add(sql + "\n  server:  " + Facts.of(server) + "\n  offline: " + Facts.of(offline));
            }
        }
    }

    private static Lookup lookup(Major major) {
        var lookup = new Lookup(major, AgreementTest::statements);
        statements(Variants.SCHEMA).forEach(lookup::apply);
        return lookup;
    }

    private static void fill(TemporaryServer server) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(Variants.SCHEMA + Variants.ROWS);
        }
    }

    private static Tally tally(Major major, List<String> variants) throws SQLException {
        var tally = new Tally();
        Lookup lookup = lookup(major);
        try (TemporaryServer server = TemporaryServer.start(major, Map.of("autovacuum", "off"))) {
            fill(server);
            try (LockOracle oracle = LockOracle.open(server, "postgres")) {
                for (String sql : variants) {
                    Observation offline = lookup.observe(statements(sql).getFirst());
                    // What is not known need not be asked.
                    Observation there = offline.observed() ? oracle.observe(sql) : offline;
                    tally.compare(sql, there, offline);
                }
            }
        }
        return tally;
    }

    @Test
    void theServerSaysTheSame() throws SQLException {
        List<String> variants = new ArrayList<>(Variants.all());
        variants.addAll(Variants.several(150, new Random(SEED)));
        Tally newest = tally(Major.newest(), variants);

        assertThat(String.join("\n", newest.different)).isEmpty();
        assertThat(newest.known).isGreaterThan(550);

        Collections.shuffle(variants, new Random(SEED));
        for (Major major : List.of(Major.POSTGRES_15, Major.POSTGRES_16, Major.POSTGRES_17)) {
            Tally older = tally(major, variants.subList(0, variants.size() / 4));
            assertThat(String.join("\n", older.different)).as(major.toString()).isEmpty();
            assertThat(older.known).isGreaterThan(75);
        }
    }

    /** Each statement meets what those before it left, on both sides. */
    @Test
    void theSchemaIsFollowed() throws SQLException {
        var tally = new Tally();
        var random = new Random(SEED);
        List<String> variants = new ArrayList<>(Variants.all());
        // Of a table that has lost its rows a server reads less.
        variants.removeIf(sql -> sql.matches("(?s).*CONCURRENTLY.*|TRUNCATE.*|CREATE TABLE buyers.*"));
        Collections.shuffle(variants, random);
        Lookup lookup = lookup(Major.newest());
        try (TemporaryServer server = TemporaryServer.start(Major.newest(), Map.of("autovacuum", "off"))) {
            fill(server);
            try (LockOracle oracle = LockOracle.open(server, "postgres")) {
                for (int i = 0; i < 250; i++) {
                    String sql = variants.get(i).replace("fresh", "fresh" + i);
                    Node node = statements(sql).getFirst();
                    Observation offline = lookup.observe(node);
                    Observation there = oracle.apply(sql);
                    tally.compare(sql, there, offline);
                    if (there.observed()) {
                        lookup.apply(node);
                    }
                }
            }
        }
        assertThat(String.join("\n", tally.different)).isEmpty();
        assertThat(tally.known).isGreaterThan(50);
    }
}
