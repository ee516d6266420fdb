package dev.pando.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A temporary server's folder. A JVM that is killed leaves it: while the server runs the shell beside it removes it then, before and after
 * that the next folder's maker does. So its file {@code owner} is locked as long as its JVM lives, which holds across containers too, where
 * process ids mean nothing; it has the id for people.
 */
final class TemporaryFolder implements AutoCloseable {
    private static final String PREFIX = "pando-server-";
    private static final String OWNER = "owner";
    /** Closing a file gives back its locks, whoever in this JVM has them, so these must not even be opened. */
    private static final Set<Path> MINE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel owner;

    private TemporaryFolder(Path path, FileChannel owner) {
        this.path = path;
        this.owner = owner;
    }

    /** A new one in {@code parent}, when those whose owners are gone have been removed. */
    static synchronized TemporaryFolder create(Path parent, Launcher launcher) throws IOException {
        removeAbandoned(parent, launcher);
        Path path = Files.createTempDirectory(parent, PREFIX);
        MINE.add(path);
        // Under another name until it is locked: the lock goes with the file.
        Path fresh = path.resolve(OWNER + ".new");
        FileChannel owner = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(Folders.PRIVATE_FILE));
        owner.lock();
        owner.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        Files.move(fresh, path.resolve(OWNER), StandardCopyOption.ATOMIC_MOVE);
        return new TemporaryFolder(path, owner);
    }

    Path path() {
        return path;
    }

    private static void removeAbandoned(Path parent, Launcher launcher) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                remove(folder, launcher);
            }
        }
    }

    private static void remove(Path folder, Launcher launcher) {
        try {
            if (!MINE.contains(folder) && ours(folder, launcher) && abandoned(folder)) {
                Folders.delete(folder);
            }
        } catch (IOException | OverlappingFileLockException e) {
            return; // left to whoever can: what others leave must not keep a server from its start
        }
    }

    /** Others may put anything under such a name where everybody may write, links above all. */
    private static boolean ours(Path folder, Launcher launcher) throws IOException {
        try {
            return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && launcher.owns(Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return false; // its owner removes it just now
        }
    }

    private static boolean abandoned(Path folder) throws IOException {
        Path file = folder.resolve(OWNER);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false; // nobody can tell
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            return lock != null && !Leftovers.work(folder.resolve("data"));
        } catch (NoSuchFileException e) {
            return false; // its owner removes it just now
        }
    }

    /** From now on the shell beside the server removes it when that has ended, even if this JVM is killed first. */
    void abandon() throws IOException {
        if (Files.exists(path)) {
            Files.write(path.resolve(ServerProcess.ABANDONED), new byte[0]);
        }
    }

    /** Removes it. */
    @Override
    public void close() throws IOException {
        Folders.delete(path);
        owner.close();
        MINE.remove(path);
    }
}
