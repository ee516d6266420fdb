package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The schema {@code pando} on a shard, by versions: each migration runs once, in one transaction with its version's row. All shards get the
 * same schema, so that any of them can become home; only home's tables hold rows. It belongs to the control plane's role: others may read
 * it, and record the decision to commit through {@code pando.decide()}.
 */
final class MetadataSchema {
    /** Arbitrary, the same for every version of Pando: one migration or declaration at a time. */
    static final long ADVISORY_LOCK = 0x70616e646fL;

    private static final String FIRST = """
            CREATE TABLE pando.epoch (
                one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
                epoch bigint NOT NULL);
            INSERT INTO pando.epoch (epoch) VALUES (1);
            CREATE TABLE pando.colocation_group (
                name text PRIMARY KEY,
                function_name text NOT NULL,
                settings jsonb NOT NULL,
                shard_count integer NOT NULL,
                key_types text[] NOT NULL);
            CREATE TABLE pando.sharded_table (
                table_schema text NOT NULL,
                table_name text NOT NULL,
                home_oid oid NOT NULL,
                placement text NOT NULL CHECK (placement IN ('sharded', 'reference')),
                colocation text REFERENCES pando.colocation_group,
                key_columns text[] NOT NULL DEFAULT '{}',
                key_types text[] NOT NULL DEFAULT '{}',
                unique_per_shard boolean NOT NULL DEFAULT false,
                declared_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (table_schema, table_name),
                CHECK ((placement = 'sharded') = (colocation IS NOT NULL)));
            CREATE TABLE pando.pin (
                colocation text NOT NULL REFERENCES pando.colocation_group ON DELETE CASCADE,
                key text[] NOT NULL,
                shard integer NOT NULL,
                PRIMARY KEY (colocation, key));
            CREATE TABLE pando.tenant_schema (
                schema_name text PRIMARY KEY,
                shard integer NOT NULL);
            CREATE TABLE pando.transaction_decision (
                gid text PRIMARY KEY,
                outcome text NOT NULL CHECK (outcome IN ('commit', 'abort')),
                decided_at timestamptz NOT NULL DEFAULT clock_timestamp());
            CREATE FUNCTION pando.decide(gid text) RETURNS void LANGUAGE plpgsql
                SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
            DECLARE
                parts text[] := regexp_match(gid, '^pando_[a-z0-9]{1,32}_[0-9a-f]{16}_([0-9a-f]{8,10})_[0-9a-f]{1,16}$');
            BEGIN
                IF parts IS NULL THEN
                    RAISE EXCEPTION 'transaction identifier "%" is not one of Pando''s', gid USING ERRCODE = '22023';
                END IF;
                IF abs(extract(epoch FROM clock_timestamp()) - ('x' || lpad(parts[1], 16, '0'))::bit(64)::bigint) > 43200 THEN
                    RAISE EXCEPTION 'transaction "%" is too old to be committed', gid USING ERRCODE = '40000';
                END IF;
                INSERT INTO pando.transaction_decision (gid, outcome) VALUES (gid, 'commit');
            END
            $function$;
            GRANT USAGE ON SCHEMA pando TO PUBLIC;
            GRANT SELECT ON ALL TABLES IN SCHEMA pando TO PUBLIC;
            """;

    private static final List<String> MIGRATIONS = List.of(FIRST);

    private MetadataSchema() {}

    /** Brings a shard's schema to this program's version. */
    static void migrate(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Sql.rows(connection, "SELECT pg_advisory_xact_lock(?)", row -> 0, ADVISORY_LOCK);
            int version = version(connection);
            if (version > MIGRATIONS.size()) {
                throw new PandoException(
                        PandoError.CONFIG_INVALID,
                        "the schema \"pando\" is of version " + version + ", this program knows versions up to "
                                + MIGRATIONS.size() + ": start the newer program");
            }
            for (int next = version; next < MIGRATIONS.size(); next++) {
                Sql.execute(connection, MIGRATIONS.get(next));
                Sql.update(connection, "INSERT INTO pando.version (version) VALUES (?)", next + 1);
            }
            connection.commit();
        } catch (SQLException | PandoException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static int version(Connection connection) throws SQLException {
        boolean exists = Sql.one(
                connection, "SELECT to_regclass('pando.version') IS NOT NULL AS found", row -> row.getBoolean("found"));
        if (!exists) {
            Sql.execute(connection, """
                    CREATE SCHEMA pando;
                    CREATE TABLE pando.version (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())
                    """);
            return 0;
        }
        return Sql.one(
                connection,
                "SELECT coalesce(max(version), 0) AS version FROM pando.version",
                row -> row.getInt("version"));
    }
}
