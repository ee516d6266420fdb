package dev.pando.lab;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One server of a fleet with its data folder. Started by one thread at a time, its {@link Keeper}'s; any thread may ask for its state
 * or signal it.
 */
final class Server {
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final long LOG_LIMIT = 8L << 20;
    private static final String LOGINS = """
            # Only this machine, only with a password; unix sockets are off.
            host all         all 127.0.0.1/32 scram-sha-256
            host replication all 127.0.0.1/32 scram-sha-256
            """;

    private final ServerName name;
    private final Programs programs;
    private final Path shard;
    private final Path data;
    private final Path log;
    private volatile @Nullable ServerProcess process;
    private volatile long pid;

    Server(ServerName name, Programs programs, Path fleetFolder) {
        this.name = name;
        this.programs = programs;
        this.data = fleetFolder.resolve(name.path());
        this.shard = fleetFolder.resolve("shard-" + name.shard());
        this.log = fleetFolder.resolve(name.path() + ".log");
    }

    ServerName name() {
        return name;
    }

    Path data() {
        return data;
    }

    Path log() {
        return log;
    }

    /** Whether its data is there. Data folders appear under their names only when they are whole. */
    boolean exists() {
        return Files.exists(data);
    }

    /** A name for data that is being made, unlike any that an interrupted attempt, perhaps still running, has used. */
    Path unfinished() throws IOException {
        Folders.createPrivate(shard);
        programs.launcher().own(shard);
        return data.resolveSibling(data.getFileName() + ".new-" + UUID.randomUUID());
    }

    /** Makes a cluster in {@code target} that takes password logins of {@code superuser} from this machine. */
    void initialise(Path target, Login superuser) throws IOException, InterruptedException {
        Path password = target.resolveSibling(target.getFileName() + ".password");
        Folders.writeAtomically(password, superuser.password() + "\n");
        Folders.createPrivate(target);
        programs.launcher().own(password);
        programs.launcher().own(target);
        List<String> command = new ArrayList<>(List.of(
                programs.binaries().program("initdb").toString(),
                "--pgdata=" + target,
                "--username=" + superuser.user(),
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--no-sync",
                "--no-instructions"));
        command.addAll(programs.binaries().major().localeOptions());
        run(command);
        Files.delete(password);
        Files.writeString(target.resolve("pg_hba.conf"), LOGINS);
        Files.writeString(
                target.resolve("postgresql.conf"),
                "\ninclude_if_exists = 'pando.conf' # rewritten by Pando at each start; ALTER SYSTEM wins over it\n",
                StandardOpenOption.APPEND);
    }

    /** Makes the data in {@code target} durable and gives it its name: from then on it exists. */
    void finish(Path target) throws IOException, InterruptedException {
        run(List.of(programs.binaries().program("initdb").toString(), "--sync-only", "--pgdata=" + target));
        Folders.rename(target, data);
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        int exit = programs.launcher().run(log, command);
        if (exit != 0) {
            throw new PandoException(
                    PandoError.SERVER_START_FAILED,
                    name,
                    "initdb ended with " + exit + ": " + ServerProcess.lastWords(log) + " [" + log + "]");
        }
    }

    /** Ends what an earlier Pando may have left running, and removes data that was never finished. */
    void cleanUp() throws IOException, InterruptedException {
        if (exists()) {
            Leftovers.end(name, data);
        }
        if (Files.exists(shard)) {
            try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(shard, data.getFileName() + ".new-*")) {
                for (Path path : unfinished) {
                    Folders.delete(path);
                }
            }
        }
    }

    /** Removes a standby's data, which then does not exist even if this is interrupted. */
    void discard() throws IOException {
        if (exists()) {
            Path away = unfinished();
            Folders.rename(data, away);
            Folders.delete(away);
        }
    }

    /** Writes {@code pando.conf}, which the server reads at its start and at {@link #reload}. */
    void configure(Map<String, String> settings) throws IOException {
        StringBuilder conf = new StringBuilder();
        settings.forEach((key, value) ->
                conf.append(key).append(" = '").append(value.replace("'", "''")).append("'\n"));
        Path file = data.resolve("pando.conf");
        Folders.writeAtomically(file, conf.toString());
        programs.launcher().own(file);
    }

    void reload() {
        ServerProcess current = process;
        if (current != null) {
            current.reload();
        }
    }

    /** Starts the process; {@link #awaitReady} tells when it can be used. */
    void launch(int port) throws IOException {
        prepareLog();
        Map<String, String> fixed = new LinkedHashMap<>();
        fixed.put("port", Integer.toString(port));
        fixed.put("listen_addresses", "127.0.0.1");
        fixed.put("unix_socket_directories", "");
        process = ServerProcess.start(
                programs.launcher(),
                new ServerProcess.Command(name.toString(), programs.binaries(), data, log, "", fixed));
    }

    private void prepareLog() throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_LIMIT) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(log)) {
            Files.createFile(log);
        }
        programs.launcher().own(log);
    }

    void awaitReady() throws IOException, InterruptedException {
        pid = running().awaitReady(START_LIMIT);
    }

    private ServerProcess running() {
        ServerProcess current = process;
        if (current == null) {
            throw new PandoException(PandoError.BUG, name + " was never started");
        }
        return current;
    }

    /** The server's process id, or 0 while it does not take connections. */
    long pid() {
        return pid;
    }

    /** Asks it to stop, if it runs, without waiting. */
    void signal(ServerProcess.Stop stop) {
        ServerProcess current = process;
        if (current != null) {
            current.signal(stop);
        }
    }

    @Override
    public String toString() {
        return name.toString();
    }

    boolean awaitEnd(Duration limit) throws InterruptedException {
        ServerProcess current = process;
        return current == null || current.awaitEnd(limit);
    }

    /** Waits for the end of the process and tells its exit code. */
    int awaitEnd() throws InterruptedException {
        int exit = running().awaitEnd();
        pid = 0;
        return exit;
    }
}
