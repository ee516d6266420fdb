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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A folder of things that are made once per user and used by many processes. Each entry is made in a folder of its own, sealed with
 * a file that tells its size, and renamed into place; an entry whose seal is missing or wrong is made again. A file lock lets one
 * process at a time make entries, a thread lock one thread.
 */
final class Cache {
    private static final String SEAL = "sealed";
    private static final ReentrantLock ONE_THREAD = new ReentrantLock();

    /** Fills an empty folder. */
    interface Maker {
        void make(Path folder) throws IOException, InterruptedException;
    }

    private final Path root;

    Cache(Path root) {
        this.root = root;
    }

    /** The user's cache folder: {@code $XDG_CACHE_HOME/pando}, {@code ~/.cache/pando}, or one in the folder for temporary files. */
    static Cache ofUser(Launcher launcher) {
        List<Path> candidates = new ArrayList<>();
        String xdg = System.getenv("XDG_CACHE_HOME");
        if (launcher.way().changesOwner()) {
            candidates.add(Path.of("/var/cache/pando")); // root's own home is closed to others
        } else if (xdg != null && xdg.startsWith("/")) {
            candidates.add(Path.of(xdg, "pando"));
        } else {
            candidates.add(Path.of(System.getProperty("user.home"), ".cache", "pando"));
        }
        String user = System.getProperty("user.name");
        candidates.add(Path.of(System.getProperty("java.io.tmpdir"), "pando-cache-" + user));
        for (Path candidate : candidates) {
            if (usable(candidate, user)) {
                return new Cache(candidate);
            }
        }
        throw new PandoException(
                PandoError.DATA_DIR_DAMAGED, candidates.getFirst(), "the cache cannot be written there");
    }

    /** Binaries of this folder are run, so it must not be somebody else's. */
    private static boolean usable(Path folder, String user) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            return Files.isWritable(folder) && Files.getOwner(folder).getName().equals(user);
        } catch (IOException e) {
            return false; // the next candidate may do; none is reported by the caller
        }
    }

    /** The folder of entry {@code name}, made by {@code maker} unless it is there and whole. */
    Path entry(String name, Maker maker) throws IOException, InterruptedException {
        Path entry = root.resolve(name);
        if (whole(entry)) {
            return entry;
        }
        ONE_THREAD.lockInterruptibly();
        try (FileChannel channel = FileChannel.open(
                        root.resolve("making.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !whole(entry)) {
                make(entry, maker);
            }
            return entry;
        } finally {
            ONE_THREAD.unlock();
        }
    }

    private static void make(Path entry, Maker maker) throws IOException, InterruptedException {
        Path fresh = entry.resolveSibling(entry.getFileName() + ".new");
        Folders.delete(fresh);
        Files.createDirectory(fresh);
        maker.make(fresh);
        Files.writeString(fresh.resolve(SEAL), measure(fresh));
        if (Files.exists(entry)) {
            Path broken = entry.resolveSibling(entry.getFileName() + ".broken");
            Folders.delete(broken);
            Folders.rename(entry, broken);
            Folders.delete(broken);
        }
        Folders.rename(fresh, entry);
    }

    private static boolean whole(Path entry) throws IOException {
        Path seal = entry.resolve(SEAL);
        return Files.exists(seal) && Files.readString(seal).equals(measure(entry));
    }

    /** How many files and bytes {@code folder} holds, its seal left out. */
    private static String measure(Path folder) throws IOException {
        long files = 0;
        long bytes = 0;
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (Files.isRegularFile(path) && !path.endsWith(SEAL)) {
                    files++;
                    bytes += Files.size(path);
                }
            }
        }
        return files + " files, " + bytes + " bytes\n";
    }
}
