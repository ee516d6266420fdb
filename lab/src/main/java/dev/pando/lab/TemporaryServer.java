package dev.pando.lab;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that lives as long as this object, or this JVM, and leaves nothing behind: UTF8, collation C.UTF-8 (before 17: C), no
 * durability. {@code postgres} is its superuser, without a password; where the SQL of others runs the server is {@link #startGuarded
 * guarded}. May be used by several threads.
 */
public final class TemporaryServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    /** With the time that the shell needs to remove the files of hundreds of databases. */
    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);

    private static final Duration RELOAD_PAUSE = Duration.ofMillis(5);
    /** For an answer. Nothing that is done here takes so long, but for what {@link #limit} is called for. */
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(5);

    private static final AtomicInteger RULES = new AtomicInteger();
    private static final int PORT_TRIES = 5;
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Login PLAIN = new Login("postgres", "");
    /** Wrong password, no login, too many connections of a role. */
    private static final Set<String> LOGIN_REFUSED = Set.of("28P01", "28000", "53300");
    /** One that is not there keeps everybody out. */
    private static final String NO_LIBRARIES = "-c local_preload_libraries=";

    private static final String UNHINDERED =
            " -c role=none -c default_transaction_read_only=off -c statement_timeout=0 -c lock_timeout=0"
                    + " -c idle_session_timeout=0 -c idle_in_transaction_session_timeout=0";

    /** Outranks what a database has been given: names mean PostgreSQL's own objects, and literals are read as they are written. */
    private static final String OWN_NAMES =
            "-c search_path=pg_catalog,pg_temp -c standard_conforming_strings=on -c statement_timeout=0";

    private final Major major;
    private final TemporaryFolder folder;
    private final ServerProcess process;
    private final int port;
    private final @Nullable Guard guard;
    private final @Nullable SessionLimits limits;

    private TemporaryServer(
            Major major, TemporaryFolder folder, ServerProcess process, long pid, int port, @Nullable Guard guard) {
        this.major = major;
        this.folder = folder;
        this.process = process;
        this.port = port;
        this.guard = guard;
        this.limits = guard == null ? null : new SessionLimits(folder.path(), process, pid, USUAL_LIMIT);
    }

    /** Starts a server on a free port of 127.0.0.1. */
    public static TemporaryServer start() {
        return start(Map.of());
    }

    /** Starts a server with {@code settings} of {@code postgresql.conf} on top of this class's own. */
    public static TemporaryServer start(Map<String, String> settings) {
        return start(Major.newest(), settings);
    }

    /** Starts a server of {@code major}; see {@link #start(Map)}. */
    public static TemporaryServer start(Major major, Map<String, String> settings) {
        return start(major, settings, null);
    }

    /**
     * Starts a server that the SQL of others may run on: {@code postgres} owns its databases and is no superuser, and nobody logs in without
     * a password. {@link #superuser} is for statements of Pando's own, which must not plan, sort or convert what others have defined.
     */
    public static TemporaryServer startGuarded(Major major, Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        if (major.number() >= 16) {
            all.put("createrole_self_grant", "set, inherit");
        }
        return start(major, all, new Guard());
    }

    private static TemporaryServer start(Major major, Map<String, String> settings, @Nullable Guard guard) {
        try {
            return start(Programs.ofThisMachine(major), settings, guard);
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.SERVER_START_FAILED, "temporary", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PandoException.causedBy(e, PandoError.SERVER_START_FAILED, "temporary", "interrupted");
        }
    }

    static TemporaryServer start(Programs programs, Map<String, String> settings, @Nullable Guard guard)
            throws IOException, InterruptedException {
        Launcher launcher = programs.launcher();
        Binaries binaries = programs.binaries();
        String owner = launcher.way().changesOwner() ? "-nobody" : "";
        Path template = programs.cache()
                .entry(
                        "template-" + binaries.major().packagedVersion() + owner,
                        target -> initialise(launcher, binaries, target.resolve("data")));
        for (int attempt = 1; ; attempt++) {
            try {
                return startOnce(launcher, binaries, template, settings, guard);
            } catch (PandoException e) {
                // Between finding a free port and listening on it another process may take it.
                if (attempt == PORT_TRIES || !String.valueOf(e.getMessage()).contains("TCP/IP sockets")) {
                    throw e;
                }
            }
        }
    }

    private static TemporaryServer startOnce(
            Launcher launcher, Binaries binaries, Path template, Map<String, String> settings, @Nullable Guard guard)
            throws IOException, InterruptedException {
        TemporaryFolder folder = TemporaryFolder.create(
                Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath(), launcher);
        try {
            Path data = folder.path().resolve("data");
            Path log = Files.createFile(folder.path().resolve("log"), PRIVATE);
            Folders.copy(template.resolve("data"), data, path -> false);
            Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwx--x--x"));
            launcher.own(folder.path());
            launcher.own(data);
            if (guard != null) {
                guard.install(launcher, binaries, data, log);
            }
            return startIn(folder, launcher, binaries, settings, guard);
        } catch (IOException | InterruptedException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private static TemporaryServer startIn(
            TemporaryFolder folder,
            Launcher launcher,
            Binaries binaries,
            Map<String, String> settings,
            @Nullable Guard guard)
            throws IOException, InterruptedException {
        Path data = folder.path().resolve("data");
        Path log = folder.path().resolve("log");
        int port = Ports.free(new SecureRandom(), Set.of());
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "shared_buffers", "16MB",
                "fsync", "off",
                "synchronous_commit", "off",
                "full_page_writes", "off",
                "max_connections", "100",
                "max_prepared_transactions", "50",
                "wal_level", "logical"));
        if (binaries.major().hasIoMethod()) {
            all.put("io_method", "sync");
        }
        all.putAll(settings);
        all.put("port", Integer.toString(port));
        all.put("listen_addresses", "127.0.0.1");
        all.put("unix_socket_directories", "");
        ServerProcess process = ServerProcess.start(
                launcher,
                new ServerProcess.Command(
                        "temporary", binaries, data, log, folder.path().toString(), all));
        try {
            long pid = process.awaitReady(START_LIMIT);
            return new TemporaryServer(binaries.major(), folder, process, pid, port, guard);
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.signal(ServerProcess.Stop.IMMEDIATE);
            process.awaitEnd(STOP_LIMIT);
            throw e;
        }
    }

    private static void initialise(Launcher launcher, Binaries binaries, Path data)
            throws IOException, InterruptedException {
        Folders.createPrivate(data);
        launcher.own(data);
        Path log = Files.createTempFile("pando-initdb-", ".log");
        try {
            List<String> command = new ArrayList<>(List.of(
                    binaries.program("initdb").toString(),
                    "--pgdata=" + data,
                    "--username=postgres",
                    "--auth=trust",
                    "--wal-segsize=1",
                    "--no-sync",
                    "--no-instructions"));
            command.addAll(binaries.major().localeOptions());
            int exit = launcher.run(log, command);
            if (exit != 0) {
                throw new PandoException(
                        PandoError.SERVER_START_FAILED, "temporary", "initdb: " + ServerProcess.lastWords(log));
            }
        } finally {
            Files.delete(log);
        }
    }

    public Major major() {
        return major;
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return port;
    }

    /** A new connection of {@code postgres} to the database of that name. */
    public Connection connect() throws SQLException {
        return connect("postgres");
    }

    /** A new connection of {@code postgres} to {@code database}. */
    public Connection connect(String database) throws SQLException {
        return connect(database, "");
    }

    /** The same, with {@code parameters} of the driver but {@code options}, such as {@code preferQueryMode=simple}. */
    public Connection connect(String database, String parameters) throws SQLException {
        return connect(database, parameters, NO_LIBRARIES);
    }

    /**
     * A new connection of {@code postgres} that sends texts as they are and does what it is told, whatever settings the database and the role
     * have been given.
     */
    public Connection connectToMeasure(String database) throws SQLException {
        String newer = major.number() >= 17 ? " -c transaction_timeout=0" : "";
        return connect(database, "preferQueryMode=simple", NO_LIBRARIES + UNHINDERED + newer);
    }

    private Connection connect(String database, String own, String options) throws SQLException {
        String parameters = own + "&options=" + encoded(options);
        if (guard == null) {
            return open(PLAIN, database, parameters);
        }
        try {
            return open(guard.owner, database, parameters);
        } catch (SQLException e) {
            if (!LOGIN_REFUSED.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            // A role may change its own password.
            try (Connection superuser = superuser("template1");
                    Statement statement = superuser.createStatement()) {
                statement.execute(guard.ownersRights());
            }
            return open(guard.owner, database, parameters);
        }
    }

    /**
     * A new connection of the superuser, which sends texts as they are and finds PostgreSQL's own names only. On a guarded server it is for
     * statements that run nothing of what others have defined: no plan over their tables (which evaluates expressions of indexes), no value
     * of their types.
     */
    public Connection superuser(String database) throws SQLException {
        String parameters = "preferQueryMode=simple&options=" + encoded(OWN_NAMES);
        return open(guard == null ? PLAIN : guard.superuser, database, parameters);
    }

    private Connection open(Login login, String database, String parameters) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", login.user());
        properties.setProperty("password", login.password());
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/" + encoded(database) + "?" + parameters;
        if (limits == null) {
            return DriverManager.getConnection(url, properties);
        }
        String stopped = limits.stopped();
        if (stopped != null) {
            throw new PandoException(PandoError.SESSION_ENDED, "the temporary server", stopped);
        }
        return DriverManager.getConnection(url + limits.parameters(), properties);
    }

    /** How long those who opened sessions from now on wait for an answer; {@link SessionEnded} then. Guarded servers only. */
    public void limit(Duration answer) {
        if (limits != null) {
            limits.usual(answer);
        }
    }

    /** Has a session wait as long for each of its answers, up to the end of what this gives. Guarded servers only. */
    public Limit limit(Connection session, Duration answer) throws SQLException {
        if (limits == null) {
            return () -> {};
        }
        LimitedSocket socket = limits.socket(session);
        Duration before = socket.limit();
        socket.limit(answer);
        return () -> socket.limit(before);
    }

    /** A time limit in force. */
    public interface Limit extends AutoCloseable {
        @Override
        void close();
    }

    /** Ends a session of a guarded server, whatever it does; the one that waits for it gets {@link SessionEnded}. */
    public void end(Connection session, String reason) throws SQLException {
        if (limits != null) {
            limits.find(session).ifPresent(socket -> limits.end(socket, reason));
        }
    }

    /** How psql logs in to {@code database} as {@code postgres}: it holds the password. */
    public String url(String database) {
        String password = guard == null ? "" : ":" + guard.owner.password();
        return "postgres://postgres" + password + "@127.0.0.1:" + port + "/" + encoded(database);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Makes these its rules for logins, as lines of {@code pg_hba.conf}, and returns when new connections are judged by them; its superuser
     * may always log in.
     */
    public void rules(String... lines) throws SQLException {
        // A reload is only asked for: it has happened when the server names the reason that only the new file has.
        String mark = "rules_" + RULES.incrementAndGet();
        List<String> all =
                new ArrayList<>(List.of("host all postgres 127.0.0.1/32 trust", "host " + mark + " all all reject"));
        all.addAll(List.of(lines));
        String values = all.stream().map(line -> "('" + line + "')").collect(Collectors.joining(", "));
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet file = statement.executeQuery("SELECT current_setting('hba_file')")) {
            file.next();
            String path = file.getString(1);
            statement.execute("COPY (VALUES " + values + ") TO '" + path + "'");
            statement.execute("SELECT pg_reload_conf()");
        }
        awaitRejected(mark);
    }

    private void awaitRejected(String database) {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=nobody";
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            try {
                DriverManager.getConnection(url).close();
            } catch (SQLException e) {
                if ("28000".equals(e.getSQLState())
                        && String.valueOf(e.getMessage()).contains("rejects")) {
                    return;
                }
            }
            LockSupport.parkNanos(RELOAD_PAUSE.toNanos());
        }
        throw new PandoException(PandoError.BUG, "temporary server does not read its rules again: " + folder.path());
    }

    /** Stops the server and removes its files. */
    @Override
    public void close() {
        if (limits != null) {
            limits.close();
        }
        try {
            folder.abandon();
            process.signal(ServerProcess.Stop.IMMEDIATE);
            if (!process.awaitEnd(STOP_LIMIT)) {
                throw new PandoException(PandoError.BUG, "temporary server does not stop: " + folder.path());
            }
            folder.close();
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.BUG, "temporary server left files: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
