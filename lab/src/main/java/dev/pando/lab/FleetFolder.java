package dev.pando.lab;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds a fleet, locked for this process until closed; its state may be read and changed by any thread.
 *
 * <p>The process id stands in a file of its own: locks of this kind belong to the process, and closing any descriptor of the locked
 * file would give the lock up. For the same reason a set of the folders open in this process is kept.
 */
final class FleetFolder implements AutoCloseable {
    private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();
    private static final String LOCK = "pando.lock";
    private static final String PID = "pando.pid";
    private static final String PASSWORD = "superuser.password";
    /** What a fleet may have left behind that was killed before it first wrote its state, and the settings that its owner may bring. */
    private static final Set<String> BEFORE_STATE =
            Set.of(LOCK, PID, FleetState.FILE + ".tmp", "pando.toml", "lost+found");

    private static final long MEBI = 1L << 20;
    /** An empty server takes 39 MB, and keeps up to 80 MB of write-ahead log (min_wal_size) as soon as it is used. */
    private static final long BYTES_PER_SERVER = 128 * MEBI;
    /** Below this a running fleet would stop at its first checkpoint or sort. */
    private static final long BYTES_SPARE = 256 * MEBI;

    private final Path path;
    private final FileChannel lock;
    private FleetState state;

    private FleetFolder(Path path, FileChannel lock, FleetState state) {
        this.path = path;
        this.lock = lock;
        this.state = state;
    }

    /** Opens or creates the folder; whatever is wrong with it is told before anything in it changes. */
    static FleetFolder open(FleetOptions options, Surroundings surroundings) throws IOException {
        Path path = options.folder();
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw damaged(path, "it is not a folder");
        }
        boolean known = Files.exists(path.resolve(FleetState.FILE));
        if (!known && Files.exists(path)) {
            requireNothingElse(path);
        }
        requireSpace(path, known ? BYTES_SPARE : bytesNeeded(options), surroundings);
        if (!Files.exists(path)) {
            Folders.createPrivate(path);
        }
        if (!Files.isWritable(path)) {
            throw damaged(path, "it cannot be written");
        }
        FileChannel lock = lock(path);
        try {
            FleetState state = known ? load(path, options) : FleetState.fresh(options.shards(), options.replicas());
            FleetFolder folder = new FleetFolder(path, lock, state);
            Folders.writeAtomically(path.resolve(PID), ProcessHandle.current().pid() + "\n");
            state.save(path);
            return folder;
        } catch (IOException | RuntimeException e) {
            unlock(path, lock);
            throw e;
        }
    }

    static PandoException damaged(Path path, String why) {
        return new PandoException(PandoError.DATA_DIR_DAMAGED, path, why);
    }

    private static void requireNothingElse(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            List<String> others = files.map(file -> file.getFileName().toString())
                    .filter(name -> !BEFORE_STATE.contains(name))
                    .sorted()
                    .toList();
            if (!others.isEmpty()) {
                throw damaged(path, "it holds " + others.getFirst() + " but no " + FleetState.FILE);
            }
        }
    }

    private static long bytesNeeded(FleetOptions options) {
        return BYTES_SPARE + BYTES_PER_SERVER * options.shards() * (options.replicas() + 1);
    }

    private static void requireSpace(Path path, long needed, Surroundings surroundings) throws IOException {
        Path existing = path;
        for (Path parent = path; parent != null && !Files.exists(existing); parent = parent.getParent()) {
            existing = parent;
        }
        long free = surroundings.freeSpace().bytes(existing);
        if (free < needed) {
            throw new PandoException(PandoError.DISK_FULL, existing, free / MEBI + " MB", needed / MEBI + " MB");
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        Path real = path.toRealPath();
        if (!OPEN_HERE.add(real)) {
            throw new PandoException(
                    PandoError.DATA_DIR_IN_USE, path, ProcessHandle.current().pid());
        }
        try {
            FileChannel channel = FileChannel.open(
                    path.resolve(LOCK),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(Folders.PRIVATE_FILE));
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
            channel.close();
            throw new PandoException(PandoError.DATA_DIR_IN_USE, path, holder(path));
        } catch (IOException | RuntimeException e) {
            OPEN_HERE.remove(real);
            throw e;
        }
    }

    private static String holder(Path path) throws IOException {
        Path pid = path.resolve(PID);
        return Files.exists(pid) ? Files.readString(pid).strip() : "unknown";
    }

    private static void unlock(Path path, FileChannel lock) throws IOException {
        lock.close();
        OPEN_HERE.remove(path.toRealPath());
    }

    private static FleetState load(Path path, FleetOptions options) throws IOException {
        FleetState state;
        try {
            state = FleetState.load(path);
        } catch (IllegalArgumentException e) {
            throw PandoException.causedBy(e, PandoError.DATA_DIR_DAMAGED, path, String.valueOf(e.getMessage()));
        }
        if (state.shards() != options.shards() || state.replicas() > options.replicas()) {
            throw new PandoException(
                    PandoError.FLEET_SHAPE_DIFFERS,
                    path,
                    state.shards(),
                    state.replicas(),
                    options.shards(),
                    options.replicas());
        }
        for (ServerName server : state.created()) {
            String fault = faultOf(server, path.resolve(server.path()));
            if (fault != null) {
                throw damaged(path, fault);
            }
        }
        return state.withReplicas(options.replicas());
    }

    /** What is wrong with the data of a server that was created once. A standby's may be missing: it is copied anew. */
    private static @Nullable String faultOf(ServerName server, Path data) throws IOException {
        if (!server.isPrimary()) {
            return null;
        }
        Path version = data.resolve("PG_VERSION");
        if (!Files.exists(version) || !Files.exists(data.resolve("global/pg_control"))) {
            return server.path() + " is missing or incomplete";
        }
        String major = Files.readString(version).strip();
        return major.equals("18") ? null : server.path() + " holds data of PostgreSQL " + major;
    }

    Path path() {
        return path;
    }

    synchronized FleetState state() {
        return state;
    }

    synchronized void rememberPorts(Map<ServerName, Integer> ports) throws IOException {
        remember(state.withPorts(ports));
    }

    synchronized void rememberCreated(ServerName server) throws IOException {
        if (!state.created().contains(server)) {
            remember(state.withCreated(server));
        }
    }

    private void remember(FleetState changed) throws IOException {
        changed.save(path);
        state = changed;
    }

    /** The superuser's password: made once, readable by the folder's owner only. */
    Login superuser() throws IOException {
        Path file = path.resolve(PASSWORD);
        if (!Files.exists(file)) {
            if (!state().created().isEmpty()) {
                throw damaged(path, PASSWORD + " is missing");
            }
            byte[] secret = new byte[24];
            new SecureRandom().nextBytes(secret);
            Folders.writeAtomically(
                    file, Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n");
        }
        return new Login("pando", Files.readString(file).strip());
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path.resolve(PID));
        unlock(path, lock);
    }
}
