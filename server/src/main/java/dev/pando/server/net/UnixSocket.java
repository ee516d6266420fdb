package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The unix socket of one folder and port, and the lock file beside it, under PostgreSQL's names.
 *
 * <p>What can go wrong: a process that was killed leaves its socket behind, and another that lives must not lose its own. What we do: a
 * socket that somebody answers on is left alone; one that nobody does is removed, which only who has made the lock file may do. At the end
 * the files are removed if the lock still names this process: after a takeover it names the next one.
 */
final class UnixSocket {
    /** Linux's {@code sun_path}, less the byte that ends it. */
    private static final int LONGEST = 107;

    private UnixSocket() {}

    /** Where libpq looks for it. */
    static DomainSocketAddress address(String folder, int port) {
        String name = folder + "/.s.PGSQL." + port;
        return new DomainSocketAddress(isAbstract(folder) ? '\0' + name.substring(1) : name);
    }

    /** Throws CONFIG_INVALID where no socket can be. */
    static void check(String folder, int port) {
        String name = folder + "/.s.PGSQL." + port;
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST) {
            throw new PandoException(
                    PandoError.CONFIG_INVALID,
                    "listen.unix_socket_dir: a socket's name has at most " + LONGEST + " bytes, and " + name + " has "
                            + length);
        }
        if (!isAbstract(folder) && !Files.isDirectory(Path.of(folder))) {
            throw new PandoException(PandoError.CONFIG_INVALID, "listen.unix_socket_dir: there is no folder " + folder);
        }
    }

    private static boolean isAbstract(String folder) {
        return folder.startsWith("@");
    }

    private static Path file(String folder, int port) {
        return Path.of(folder, ".s.PGSQL." + port);
    }

    private static Path lock(String folder, int port) {
        return Path.of(folder, ".s.PGSQL." + port + ".lock");
    }

    /** Listens; answers the descriptor. {@code mode} is octal. Throws when somebody else does, or the folder does not allow it. */
    static int listen(String folder, int port, String mode, @Nullable String group) throws IOException {
        if (isAbstract(folder)) {
            return bound(address(folder, port), () -> {});
        }
        Path file = file(folder, port);
        take(lock(folder, port), file, folder, port);
        try {
            return bound(address(folder, port), () -> permit(file, mode, group));
        } catch (IOException e) {
            remove(folder, port);
            throw e;
        }
    }

    /** A socket for this user alone; replaces what is there. */
    static int listenPrivately(Path file) throws IOException {
        return bound(new DomainSocketAddress(file.toString()), () -> permit(file, "0600", null));
    }

    private interface Permission {
        void set() throws IOException;
    }

    private static int bound(DomainSocketAddress address, Permission permission) throws IOException {
        Socket socket = Socket.newSocketDomain();
        try {
            socket.bind(address);
            // Nobody can connect before it listens.
            permission.set();
            socket.listen(Transport.BACKLOG);
            return socket.intValue();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void permit(Path file, String mode, @Nullable String group) throws IOException {
        if (group != null) {
            Files.getFileAttributeView(file, PosixFileAttributeView.class)
                    .setGroup(
                            file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
        }
        Files.setPosixFilePermissions(file, permissions(Integer.parseInt(mode, 8)));
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] fromOwnersReadOn = PosixFilePermission.values();
        for (int bit = 0; bit < fromOwnersReadOn.length; bit++) {
            if ((mode & (0400 >> bit)) != 0) {
                permissions.add(fromOwnersReadOn[bit]);
            }
        }
        return permissions;
    }

    private static void take(Path lock, Path file, String folder, int port) throws IOException {
        if (answers(file)) {
            throw new IOException("somebody listens on " + file);
        }
        Files.deleteIfExists(lock);
        try {
            Files.write(lock, lockText(folder, port), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("another process is about to listen on " + file, e);
        }
    }

    /** As PostgreSQL writes it, which looks at the first line alone when it finds one. */
    private static byte[] lockText(String folder, int port) {
        long pid = ProcessHandle.current().pid();
        return (pid + "\n" + folder + "\n0\n" + port + "\n" + folder + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The socket is this process' now. Answers what the lock file said before, for {@link #giveBack}; null when there was none. */
    static byte @Nullable [] inherit(String folder, int port) throws IOException {
        Path lock = lock(folder, port);
        if (isAbstract(folder)) {
            return null;
        }
        byte[] before = Files.exists(lock) ? Files.readAllBytes(lock) : null;
        Files.write(lock, lockText(folder, port));
        return before;
    }

    /** The socket is that process' again from which it was inherited. */
    static void giveBack(String folder, int port, byte[] before) throws IOException {
        Files.write(lock(folder, port), before);
    }

    static boolean answers(Path file) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            return probe.isConnected();
        } catch (IOException nobody) {
            return false;
        }
    }

    /** Removes the files, unless they are another process' by now. */
    static void remove(String folder, int port) throws IOException {
        Path lock = lock(folder, port);
        if (isAbstract(folder) || !Files.exists(lock)) {
            return;
        }
        List<String> lines = Files.readAllLines(lock);
        if (!lines.isEmpty()
                && lines.getFirst().equals(Long.toString(ProcessHandle.current().pid()))) {
            Files.deleteIfExists(file(folder, port));
            Files.delete(lock);
        }
    }
}
