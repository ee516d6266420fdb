package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.topology.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What every shard's server must be like, looked at once at the start, so that it does not fail in the middle of something later. */
final class Preconditions {
    private static final int OLDEST = 15;

    private static final String SERVER = """
            SELECT pg_encoding_to_char(d.encoding) AS encoding,
                   format('%s %s %s', d.datlocprovider, d.datcollate, coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'))
                       AS collation,
                   current_setting('server_version_num')::int / 10000 AS major,
                   current_setting('max_prepared_transactions')::int AS prepared,
                   current_user::text AS login, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser
            FROM pg_database d WHERE d.datname = current_database()""";

    private final int shards;
    private @Nullable String homeCollation;

    Preconditions(int shards) {
        this.shards = shards;
    }

    private record Facts(String encoding, String collation, int major, int prepared, String login, boolean superuser) {}

    /** To be called for all shards, home first. */
    void require(ShardId shard, Connection connection) throws SQLException {
        Facts facts = Sql.one(
                connection,
                SERVER,
                row -> new Facts(
                        Sql.text(row, "encoding"),
                        Sql.text(row, "collation"),
                        row.getInt("major"),
                        row.getInt("prepared"),
                        Sql.text(row, "login"),
                        row.getBoolean("superuser")));
        if (facts.major() < OLDEST) {
            throw refused(shard, "is PostgreSQL " + facts.major() + ", Pando needs " + OLDEST + " or later");
        }
        if (!facts.encoding().equals("UTF8")) {
            throw refused(shard, "has a database with encoding " + facts.encoding() + ", Pando needs UTF8");
        }
        if (homeCollation == null) {
            homeCollation = facts.collation();
        }
        if (!facts.collation().equals(homeCollation)) {
            throw refused(
                    shard,
                    "has a database with collation \"" + facts.collation() + "\", shard 0's is \"" + homeCollation
                            + "\": rows in order could not be merged");
        }
        if (!facts.superuser()) {
            throw refused(
                    shard,
                    "does not take \"" + facts.login() + "\" for a superuser, which the control plane's login must be");
        }
        if (!shard.equals(ShardId.HOME) && holdsShardMap(connection)) {
            throw refused(
                    shard,
                    "holds a shard map, which is for shard 0 to hold: [[shards]] are in another order than they were,"
                            + " or this server belongs to another fleet");
        }
        if (shards > 1 && facts.prepared() == 0) {
            throw new PandoException(PandoError.TWO_PHASE_DISABLED, shard.index());
        }
    }

    /** Served in another order, rows would be looked for where they are not. */
    private static boolean holdsShardMap(Connection connection) throws SQLException {
        return Sql.one(connection, "SELECT to_regclass('pando.sharded_table') IS NOT NULL", row -> row.getBoolean(1))
                && Sql.one(connection, "SELECT EXISTS (SELECT FROM pando.sharded_table)", row -> row.getBoolean(1));
    }

    private static PandoException refused(ShardId shard, String problem) {
        return new PandoException(PandoError.CONFIG_INVALID, shard + " " + problem);
    }
}
