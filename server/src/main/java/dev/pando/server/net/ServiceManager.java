package dev.pando.server.net;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** systemd, when it has started this process: told how it goes (sd_notify(3)), and asked for listening sockets. */
public final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    private ServiceManager() {}

    /** Whether it has opened the listening sockets. */
    public static boolean givesSockets() {
        return !Inherited.fromSystem().isEmpty();
    }

    /** Such as {@code READY=1}. Nothing happens without systemd. */
    public static void tell(String state) {
        String address = System.getenv("NOTIFY_SOCKET");
        if (address == null || address.isEmpty() || !Transport.available()) {
            return;
        }
        Socket socket = Socket.newSocketDomainDgram();
        try {
            byte[] text = (state + "\nMAINPID=" + ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
            ByteBuffer message =
                    ByteBuffer.allocateDirect(text.length).put(text).flip();
            String name = address.startsWith("@") ? '\0' + address.substring(1) : address;
            socket.sendToDomainSocket(message, 0, message.limit(), name.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn("systemd at {} cannot be told {}: {}", address, state, e.getMessage());
        } finally {
            Predecessor.closed(socket);
        }
    }
}
