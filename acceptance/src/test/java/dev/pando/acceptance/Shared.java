package dev.pando.acceptance;

import dev.pando.testkit.PlainPostgres;
import dev.pando.testkit.RunningPando;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One Pando of three shards and one plain PostgreSQL for all test classes that do not break them; they stop with the JVM. */
final class Shared {
    static final int SHARDS = 3;

    private static @Nullable RunningPando pando;
    private static @Nullable PlainPostgres plain;

    private Shared() {}

    static synchronized RunningPando pando() {
        RunningPando running = pando;
        if (running == null) {
            RunningPando started = RunningPando.start(RunningPando.Options.shards(SHARDS)
                    .toml("[limits]\nlogin_timeout = \"5s\"\nmax_prepared_statements = 2000\n"));
            Runtime.getRuntime().addShutdownHook(new Thread(started::close));
            pando = started;
            running = started;
        }
        return running;
    }

    static synchronized PlainPostgres plain() throws SQLException {
        PlainPostgres running = plain;
        if (running == null) {
            PlainPostgres started = PlainPostgres.start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::close));
            plain = started;
            running = started;
        }
        return running;
    }
}
