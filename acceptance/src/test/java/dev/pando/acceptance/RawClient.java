package dev.pando.acceptance;

import dev.pando.base.auth.BackendLogin;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;

/** A client that may send anything. */
final class RawClient implements Closeable {
    private static final int MOST_MILLIS = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    RawClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    RawClient(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(MOST_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** A message as it came; {@code body} without its length. */
    record Message(char type, byte[] body) {}

    RawClient login() throws IOException {
        BackendLogin login = new BackendLogin("test", "app", "app");
        ByteBuf startup = Unpooled.buffer();
        FrontendCodec.encodeStartup(
                new StartupPacket.Startup(3 << 16, Map.of("user", "app", "database", "app")), startup);
        send(startup);
        for (Message message = read(); message.type() != 'Z'; message = read()) {
            if (message.type() == 'R') {
                ByteBuf answer = Unpooled.buffer();
                login.authentication(Unpooled.wrappedBuffer(message.body()), answer);
                send(answer);
            } else if (message.type() == 'E') {
                throw new IOException(error(message));
            }
        }
        return this;
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void send(ByteBuf bytes) throws IOException {
        byte[] copied = new byte[bytes.readableBytes()];
        bytes.readBytes(copied);
        send(copied);
    }

    int nextByte() throws IOException {
        return in.readUnsignedByte();
    }

    /** Throws EOFException when the other side has hung up. */
    Message read() throws IOException {
        char type = (char) in.readUnsignedByte();
        byte[] body = new byte[in.readInt() - 4];
        in.readFully(body);
        return new Message(type, body);
    }

    /** SQLSTATE and text of the next error. */
    String nextError() throws IOException {
        Message message = read();
        while (message.type() != 'E') {
            message = read();
        }
        return error(message);
    }

    /** Whether the other side hangs up, after whatever it still says. */
    boolean hungUp() throws IOException {
        byte[] rest = in.readAllBytes();
        return rest.length < 1_000;
    }

    private static String error(Message message) {
        ErrorFields fields = ErrorFields.decode(Unpooled.wrappedBuffer(message.body()));
        return fields.sqlState() + " " + fields.message();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
