package dev.pando.rehearse;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.twin.Omission;
import dev.pando.lab.twin.Snapshot;
import dev.pando.lab.twin.Twin;
import dev.pando.lint.Rights;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.read.NotUtf8;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes what a migration is rehearsed on. */
final class Copies {
    private static final String DATABASE = "copy";
    /** What pg_dump's custom format begins with; its tar format begins with the name of its table of contents. */
    private static final List<String> PACKED = List.of("PGDMP", "toc.dat");
    /** Of a table that nobody has analysed. */
    private static final int ROWS_OF_A_BLOCK = 50;

    private Copies() {}

    /** Settings of a server that is worked on by {@code sessions}: memory enough that the rows of a copy stay there. */
    static Map<String, String> settings(int sessions) {
        return Map.of(
                "shared_buffers", "256MB",
                "max_wal_size", "4GB",
                "max_locks_per_transaction", "1024",
                "autovacuum", "off",
                "max_connections", Integer.toString(sessions + 20));
    }

    static Copy twin(Snapshot snapshot, int sessions, Duration limit, Consumer<String> progress) throws SQLException {
        Twin twin = Twin.ofSchema(snapshot, settings(sessions), progress);
        twin.server().limit(limit);
        Map<String, Long> bytes = new HashMap<>();
        Map<String, Long> rows = new HashMap<>();
        for (Snapshot.Relation relation : snapshot.relations()) {
            if (relation.kind().equals("r")) {
                bytes.put(relation.name(), relation.blocks() * snapshot.server().blockSize());
                long known = (long) relation.tuples();
                rows.put(relation.name(), known > 0 ? known : relation.blocks() * ROWS_OF_A_BLOCK);
            }
        }
        return new Copy(
                "a copy of " + snapshot.server().database() + " on PostgreSQL "
                        + twin.server().major().version(),
                twin.server(),
                twin.database(),
                new Sizes(bytes),
                rows,
                false,
                twin.omissions().stream()
                        .map(Omission::toString)
                        .map(lacks -> "the copy lacks " + lacks)
                        .toList(),
                twin::close);
    }

    /**
     * A copy with the schema of texts, or of a dump with its rows.
     *
     * @param limit of the time that a statement of any session takes
     */
    static Copy of(int version, int sessions, Duration limit, List<NamedText> texts, @Nullable Path dump)
            throws IOException, SQLException, InterruptedException {
        Major major = Major.packaged(version);
        TemporaryServer server = TemporaryServer.startGuarded(major, settings(sessions));
        server.limit(limit);
        try {
            create(server, DATABASE, "template1");
            List<String> notes = new ArrayList<>();
            var rights = new Rights(server);
            try (Connection connection = server.connect(DATABASE, "preferQueryMode=simple")) {
                for (NamedText text : texts) {
                    notes.addAll(DumpLoader.load(
                            connection, rights, new BufferedReader(new StringReader(text.text())), text.name(), false));
                }
                if (dump != null) {
                    notes.addAll(restored(connection, rights, dump));
                }
            }
            String words = "PostgreSQL " + major.version() + (dump == null ? "" : ", rows of " + dump);
            return new Copy(words, server, DATABASE, Sizes.NONE, Map.of(), dump != null, notes, server::close);
        } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** SQL that makes a schema, or changes it. */
    record NamedText(String name, String text) {}

    /** Roles are the server's, not the database's: what one run makes the next would meet. */
    static Set<String> roles(TemporaryServer server) throws SQLException {
        Set<String> roles = new LinkedHashSet<>();
        try (Connection superuser = server.superuser("postgres");
                Statement statement = superuser.createStatement();
                ResultSet rows = statement.executeQuery("SELECT rolname FROM pg_roles")) {
            while (rows.next()) {
                roles.add(rows.getString(1));
            }
        }
        return roles;
    }

    /** Takes back the roles that were not among {@code before}; their objects went with their database. */
    static void keepRoles(TemporaryServer server, Set<String> before) throws SQLException {
        Set<String> made = roles(server);
        made.removeAll(before);
        try (Connection superuser = server.superuser("postgres");
                Statement statement = superuser.createStatement()) {
            for (String role : made) {
                statement.execute("DROP ROLE " + Quote.identifier(role));
            }
        }
    }

    static void create(TemporaryServer server, String database, String template) throws SQLException {
        try (Connection admin = server.connectToMeasure("postgres");
                Statement statement = admin.createStatement()) {
            statement.execute(
                    "CREATE DATABASE " + Quote.identifier(database) + " TEMPLATE " + Quote.identifier(template));
        }
        // What ALTER DATABASE … SET has given the other one is not copied with it.
        try (Connection superuser = server.superuser("postgres");
                Statement statement = superuser.createStatement()) {
            statement.execute("""
                    INSERT INTO pg_db_role_setting (setdatabase, setrole, setconfig)
                    SELECT made.oid, setrole, setconfig FROM pg_db_role_setting s
                    JOIN pg_database t ON t.oid = s.setdatabase AND t.datname = %s, pg_database made
                    WHERE made.datname = %s""".formatted(Quote.literal(template), Quote.literal(database)));
        }
    }

    static void drop(TemporaryServer server, String database) throws SQLException {
        try (Connection admin = server.connectToMeasure("postgres");
                Statement statement = admin.createStatement()) {
            statement.execute("DROP DATABASE " + Quote.identifier(database) + " WITH (FORCE)");
        }
    }

    private static List<String> restored(Connection connection, Rights rights, Path dump)
            throws IOException, SQLException, InterruptedException {
        if (!Files.exists(dump)) {
            throw new PandoException(PandoError.REHEARSE_INPUT, dump, "there is no such file");
        }
        if (!Files.isDirectory(dump) && !packed(dump)) {
            try (BufferedReader in = Files.newBufferedReader(dump)) {
                return DumpLoader.load(connection, rights, in, dump.toString(), true);
            } catch (CharacterCodingException e) {
                throw PandoException.causedBy(e, PandoError.REHEARSE_INPUT, dump, notUtf8(dump));
            }
        }
        Path said = Files.createTempFile("pando-restore", ".txt");
        try {
            return unpacked(connection, rights, dump, said);
        } finally {
            Files.delete(said);
        }
    }

    private static String notUtf8(Path dump) throws IOException {
        try (InputStream in = Files.newInputStream(dump)) {
            return NotUtf8.words(in) + ", or dump with --encoding=UTF8";
        }
    }

    /** @param said file for what pg_restore says */
    private static List<String> unpacked(Connection connection, Rights rights, Path dump, Path said)
            throws IOException, SQLException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("pg_restore", "--file=-", "--no-owner", "--no-privileges", dump.toString())
                    .redirectError(said.toFile())
                    .start();
        } catch (IOException e) {
            throw PandoException.causedBy(
                    e, PandoError.REHEARSE_INPUT, dump, "it is packed, and there is no pg_restore here to unpack it");
        }
        process.getOutputStream().close();
        List<String> problems;
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8.newDecoder()))) {
            problems = DumpLoader.load(connection, rights, in, dump.toString(), true);
        } catch (CharacterCodingException e) {
            throw PandoException.causedBy(
                    e, PandoError.REHEARSE_INPUT, dump, "it is not UTF-8; dump with --encoding=UTF8");
        } finally {
            process.destroy();
        }
        int exit = process.waitFor();
        if (exit != 0) {
            String last = new String(Files.readAllBytes(said), StandardCharsets.UTF_8)
                    .lines()
                    .reduce("", (before, line) -> line);
            throw new PandoException(
                    PandoError.REHEARSE_INPUT, dump, "pg_restore ended with code " + exit + ", saying: " + last);
        }
        return problems;
    }

    private static boolean packed(Path dump) throws IOException {
        try (InputStream in = Files.newInputStream(dump)) {
            String head = new String(in.readNBytes(8), StandardCharsets.ISO_8859_1);
            return PACKED.stream().anyMatch(head::startsWith);
        }
    }
}
