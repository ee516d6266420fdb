package dev.pando.lint;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lint.fact.Sizes;
import java.sql.SQLException;
import java.util.Map;

/** Makes what migrations are run on. */
final class Grounds {
    private Grounds() {}

    /** A server of its own with an empty database. */
    static Ground empty(int version, boolean complete) throws SQLException {
        Major major = Major.of(version)
                .orElseThrow(() -> new PandoException(
                        PandoError.LINT_INPUT,
                        "--pg-version " + version,
                        "the versions at hand are 15, 16, 17 and 18"));
        TemporaryServer server = TemporaryServer.start(major, Map.of("max_locks_per_transaction", "1024"));
        try {
            return new Ground(
                    "measured on PostgreSQL " + major.version(),
                    version,
                    new ServerFacts(server, "postgres"),
                    Sizes.NONE,
                    complete,
                    server::close);
        } catch (SQLException | RuntimeException e) {
            server.close();
            throw e;
        }
    }
}
