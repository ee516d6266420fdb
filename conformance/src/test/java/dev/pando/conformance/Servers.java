package dev.pando.conformance;

import dev.pando.testkit.PlainPostgres;
import dev.pando.testkit.RunningPando;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/** The three parties: a PostgreSQL, a Pando before one like it, and a Pando before three. */
final class Servers implements AutoCloseable {
    private final PlainPostgres plain;
    private final RunningPando one;
    private final RunningPando three;

    private Servers(PlainPostgres plain, RunningPando one, RunningPando three) {
        this.plain = plain;
        this.one = one;
        this.three = three;
    }

    /** {@code mode}: the pool mode. */
    static Servers start(String mode) throws SQLException, IOException {
        PlainPostgres plain = PlainPostgres.startWithPasswords();
        RunningPando one = RunningPando.start(options(1, mode));
        RunningPando three = RunningPando.start(options(3, mode));
        Servers servers = new Servers(plain, one, three);
        try (Connection first = plain.connect();
                Connection second = one.connect();
                Connection third = three.connect()) {
            for (Connection connection : new Connection[] {first, second, third}) {
                run(connection, "tables.sql");
            }
            run(third, "sharding.sql");
            for (Connection connection : new Connection[] {first, second, third}) {
                run(connection, "rows.sql");
            }
        }
        return servers;
    }

    private static RunningPando.Options options(int shards, String mode) {
        return RunningPando.Options.shards(shards).toml("[pool]\nmode = \"" + mode + "\"\n");
    }

    private static void run(Connection connection, String resource) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : Files.readString(Script.resource(resource)).split("\n\n", -1)) {
                statement.execute(sql);
            }
        }
    }

    Server plain() {
        return new Server("PostgreSQL", plain.host(), plain.port());
    }

    Server of(Party party) {
        RunningPando pando = party.shards() == 1 ? one : three;
        return new Server("Pando, " + Party.words(Set.of(party)), pando.host(), pando.port());
    }

    @Override
    public void close() {
        one.close();
        three.close();
        plain.close();
    }
}
