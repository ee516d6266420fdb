package dev.pando.lab.twin;

import dev.pando.base.sql.Quote;
import dev.pando.lab.TemporaryServer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;

/**
 * Runs Pando's own statements of a superuser within a transaction of a twin's owner, so that they are rolled back with it. A session of the
 * superuser cannot do that: what a schema has planted would run in it when a query is planned. A function does it, for a password that the
 * server has only the digest of. Statements run nothing of others and hold only numbers, literals and what was read under {@link Sql#ownNames}: anything
 * else that the owner's session reads may be planted, too.
 */
final class Deputy implements AutoCloseable {
    private static final int SECRET_BYTES = 32;
    private static final String FUNCTION = "pg_catalog.pando_run(pg_catalog.text, pg_catalog.text)";

    private final TemporaryServer server;
    private final String database;
    private final String secret;

    private Deputy(TemporaryServer server, String database, String secret) {
        this.server = server;
        this.database = database;
        this.secret = secret;
    }

    static Deputy of(TemporaryServer server, String database) throws SQLException {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        String secret = HexFormat.of().formatHex(bytes);
        try (Connection superuser = server.superuser(database)) {
            Sql.run(superuser, """
                    CREATE FUNCTION pg_catalog.pando_run(secret text, statement text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
                    SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
                    BEGIN
                      IF encode(sha256(convert_to(secret, 'UTF8')), 'hex') IS DISTINCT FROM '%s' THEN
                        RAISE insufficient_privilege;
                      END IF;
                      EXECUTE statement;
                    END $$""".formatted(digest(secret)));
        }
        return new Deputy(server, database, secret);
    }

    private static String digest(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
    }

    /** {@code owner}: a connection of the twin's owner, within a transaction. */
    void run(Connection owner, String... statements) throws SQLException {
        for (String statement : statements) {
            Sql.rows(
                    owner,
                    row -> row,
                    "SELECT pg_catalog.pando_run(" + Quote.literal(secret) + ", " + Quote.literal(statement) + ")");
        }
    }

    @Override
    public void close() throws SQLException {
        try (Connection superuser = server.superuser(database)) {
            Sql.run(superuser, "DROP FUNCTION " + FUNCTION);
        }
    }
}
