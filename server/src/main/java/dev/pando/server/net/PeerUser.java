package dev.pando.server.net;

import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is at the other end of a unix socket. The kernel tells the user's number, the C library its name, wherever users are kept. */
final class PeerUser {
    private static final Logger LOG = LoggerFactory.getLogger(PeerUser.class);
    private static final int LONGEST_NAME = 256;
    private static final MethodHandle GETPWUID = getpwuid();

    private PeerUser() {}

    /** Null when it is not known. */
    static @Nullable String of(EpollDomainSocketChannel channel) {
        try {
            return name(channel.peerCredentials().uid());
        } catch (IOException e) {
            LOG.warn("the kernel does not tell who is at the other end: {}", e.getMessage());
            return null;
        }
    }

    /** Whether it is the user this process runs as. */
    static boolean same(EpollDomainSocketChannel channel) throws IOException {
        Object own = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return own.equals(channel.peerCredentials().uid());
    }

    /** One at a time: the answer lies in memory that the next question overwrites. */
    @SuppressWarnings("restricted") // C's memory is read where C says a name is
    static synchronized @Nullable String name(int user) {
        try {
            MemorySegment found = (MemorySegment) GETPWUID.invokeExact(user);
            if (found.equals(MemorySegment.NULL)) {
                return null;
            }
            // A struct passwd begins with a pointer to the name everywhere.
            MemorySegment name =
                    found.reinterpret(ValueLayout.ADDRESS.byteSize()).get(ValueLayout.ADDRESS, 0);
            return name.reinterpret(LONGEST_NAME).getString(0);
        } catch (Throwable e) {
            // What a MethodHandle throws is anything as far as the compiler knows; a C function throws nothing.
            throw new IllegalStateException("getpwuid", e);
        }
    }

    @SuppressWarnings("restricted") // its signature is that of the C library
    private static MethodHandle getpwuid() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("getpwuid"),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    }
}
