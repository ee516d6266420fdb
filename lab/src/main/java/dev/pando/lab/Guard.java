package dev.pando.lab;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Keeps the SQL of others inside a temporary server. What it could do to the machine (COPY … PROGRAM, files of the server, C code,
 * connections to elsewhere) takes a superuser or one of four predefined roles. So the superuser gets another name and a password that only
 * this JVM knows; {@code postgres} becomes a role without such rights that owns the databases, because schemas name it as an owner; and the
 * four roles are removed, or a role with CREATEROLE could join them before version 16. It has BYPASSRLS and the other predefined roles, so
 * that statements meet as few refusals as a superuser's.
 *
 * <p>All that is done by {@code postgres --single}, before the server listens: at no moment does it take a login without a password.
 */
final class Guard {
    private static final String SUPERUSER = "pando_superuser";
    private static final String OWNER = "postgres";
    private static final int PASSWORD_BYTES = 32;
    private static final String LOGINS = "host all all 127.0.0.1/32 scram-sha-256\n";
    private static final String OUTWARD =
            "'pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_create_subscription'";

    /** Settings of superusers that migrations make, and that reach nothing outside. */
    private static final String SETTINGS =
            "session_replication_role, deadlock_timeout, log_statement, log_min_messages, log_min_duration_statement, log_lock_waits, lc_messages";

    final Login superuser = login(SUPERUSER);
    final Login owner = login(OWNER);

    private static Login login(String role) {
        byte[] secret = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(secret);
        return new Login(role, HexFormat.of().formatHex(secret));
    }

    /** Makes the roles in {@code data}, whose server does not run. */
    void install(Launcher launcher, Binaries binaries, Path data, Path log) throws IOException, InterruptedException {
        Files.writeString(data.resolve("pg_hba.conf"), LOGINS);
        List<String> command = new ArrayList<>(List.of(
                binaries.program("postgres").toString(), "--single", "-D", data.toString(), "-c", "exit_on_error=on"));
        command.addAll(List.of("-c", "fsync=off", "-c", "shared_buffers=16MB"));
        if (binaries.major().hasIoMethod()) {
            command.addAll(List.of("-c", "io_method=sync"));
        }
        command.add("postgres");
        Process process = launcher.sealed(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try (OutputStream statements = process.getOutputStream()) {
            statements.write(String.join("\n", statements()).getBytes(StandardCharsets.UTF_8));
            statements.write('\n');
        }
        if (process.waitFor() != 0) {
            throw new PandoException(PandoError.SERVER_START_FAILED, "temporary", ServerProcess.lastWords(log));
        }
    }

    /** One on a line each: the program takes a line for a statement. The first one's name is taken by the server's own superuser. */
    private List<String> statements() {
        return List.of(
                "UPDATE pg_authid SET rolname = '" + SUPERUSER + "' WHERE oid = 10",
                "ALTER ROLE " + SUPERUSER + " PASSWORD '" + superuser.password() + "'",
                "CREATE ROLE " + OWNER,
                ownersRights(),
                "DELETE FROM pg_authid WHERE rolname IN (" + OUTWARD + ")",
                "DO $$ DECLARE r name; BEGIN FOR r IN SELECT rolname FROM pg_roles WHERE rolname ~ '^pg_' AND rolname <> 'pg_database_owner'"
                        + " LOOP EXECUTE format('GRANT %I TO " + OWNER + " WITH ADMIN OPTION', r); END LOOP; END $$",
                "GRANT SET ON PARAMETER " + SETTINGS + " TO " + OWNER,
                "ALTER DATABASE postgres OWNER TO " + OWNER,
                extensionsOwner());
    }

    /** Also what mends it after foreign SQL has changed it. */
    String ownersRights() {
        return "ALTER ROLE " + OWNER
                + " LOGIN CREATEDB CREATEROLE BYPASSRLS CONNECTION LIMIT -1 VALID UNTIL 'infinity' PASSWORD '"
                + owner.password() + "'";
    }

    /** Statements about an extension ask for its owner; what it is made of stays the superuser's. */
    static String extensionsOwner() {
        return "UPDATE pg_catalog.pg_extension SET extowner = (SELECT oid FROM pg_catalog.pg_authid WHERE rolname = '"
                + OWNER + "')";
    }
}
