package dev.pando.lab.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a statement does does not depend on the role: on a guarded server it is what a superuser's does, or refused for a right. */
class GuardedFactsTest {
    private static final String REFUSED = "42501";
    /** What reads the server's files is not for this role. */
    private static final String EXTENSION = "CREATE EXTENSION file_fdw;";

    @Test
    void theFactsAreThoseOfASuperuser() throws SQLException {
        Map<String, Observation> kept = OracleTable.of(Major.newest());
        List<String> refused = new ArrayList<>();
        int compared = 0;
        try (TemporaryServer server = TemporaryServer.startGuarded(
                Major.newest(), Map.of("autovacuum", "off", "allow_in_place_tablespaces", "on"))) {
            try (Connection superuser = server.superuser("postgres")) {
                execute(superuser, "CREATE TABLESPACE other_space LOCATION ''");
                execute(superuser, "GRANT CREATE ON TABLESPACE other_space TO postgres");
            }
            create(server, "CREATE DATABASE corpus");
            fill(server, "corpus", List.of(Corpus.schema()));
            for (Corpus.Topic topic : Corpus.topics()) {
                if (topic.setup(Major.newest()).stream().anyMatch(script -> script.contains(EXTENSION))) {
                    continue;
                }
                create(server, "CREATE DATABASE topic TEMPLATE corpus STRATEGY wal_log");
                fill(server, "topic", topic.setup(Major.newest()));
                try (LockOracle oracle = LockOracle.open(server, "topic")) {
                    for (Corpus.Entry entry : topic.entries()) {
                        Observation seen = oracle.observe(entry.sql());
                        if (seen.outcome() instanceof Outcome.Failed failed
                                && failed.sqlState().equals(REFUSED)) {
                            refused.add(entry.key());
                        } else {
                            assertThat(seen).as(entry.key()).isEqualTo(kept.get(entry.key()));
                            compared++;
                        }
                    }
                }
                create(server, "DROP DATABASE topic WITH (FORCE)");
            }
        }
        assertThat(compared).isGreaterThan(500);
        assertThat(refused).hasSizeLessThan(25);
    }

    private static void create(TemporaryServer server, String sql) throws SQLException {
        try (Connection owner = server.connect()) {
            execute(owner, sql);
        }
    }

    private static void fill(TemporaryServer server, String database, List<String> scripts) throws SQLException {
        try (Connection owner = server.connect(database, "preferQueryMode=simple")) {
            for (String script : scripts) {
                execute(owner, script);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
