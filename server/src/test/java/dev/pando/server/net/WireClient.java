package dev.pando.server.net;

import dev.pando.base.auth.BackendLogin;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.StartupPacket;
import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A client that does exactly what a test says, and no more. */
final class WireClient implements Closeable {
    private static final int MOST_MILLIS = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private int minor;
    private int processId;
    private byte[] secret = {};
    private final Map<String, String> parameters = new HashMap<>();

    WireClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(MOST_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    }

    /** A message as it came; {@code body} without its length. */
    record Message(char type, byte[] body) {}

    WireClient login() throws IOException {
        return login("app", "app");
    }

    /** As a user whose password is his name. Throws with SQLSTATE and text when he is refused. */
    WireClient login(String user, String database, String... more) throws IOException {
        BackendLogin login = new BackendLogin("test", user, user);
        startup(user, database, more);
        for (Message message = read(); message.type() != 'Z'; message = read()) {
            ByteBuf body = Unpooled.wrappedBuffer(message.body());
            switch (message.type()) {
                case 'R' -> {
                    ByteBuf answer = Unpooled.buffer();
                    login.authentication(body, answer);
                    send(answer);
                }
                case 'K' -> {
                    processId = body.readInt();
                    secret = ByteBufUtil.getBytes(body);
                }
                case 'S' -> parameters.put(Strings.readZeroTerminated(body), Strings.readZeroTerminated(body));
                case 'E' -> throw new IOException(error(message));
                default -> {
                    // keys and notices
                }
            }
        }
        return this;
    }

    /** {@code more}: names and values of further parameters. */
    void startup(String user, String database, String... more) throws IOException {
        Map<String, String> packet = new HashMap<>(Map.of("user", user, "database", database));
        for (int i = 0; i < more.length; i += 2) {
            packet.put(more[i], more[i + 1]);
        }
        ByteBuf startup = Unpooled.buffer();
        FrontendCodec.encodeStartup(new StartupPacket.Startup((3 << 16) + minor, packet), startup);
        send(startup);
    }

    /** Speaks 3.{@code version}; 3.0 otherwise. */
    WireClient speaking(int version) {
        minor = version;
        return this;
    }

    /** Whether something has come that was not read yet. */
    boolean answered() throws IOException {
        return in.available() > 0;
    }

    int processId() {
        return processId;
    }

    byte[] secret() {
        return secret;
    }

    /** Asks on a connection of its own, and waits until that is over. */
    static void cancel(int port, int processId, byte[] secret) throws IOException {
        try (WireClient asking = new WireClient(port)) {
            ByteBuf request = Unpooled.buffer();
            FrontendCodec.encodeStartup(new StartupPacket.Cancel(processId, secret), request);
            asking.send(request);
            asking.untilHungUp();
        }
    }

    /** The answer to a query up to ReadyForQuery: the rows' only values as they came. */
    List<byte[]> values(String sql) throws IOException {
        query(sql);
        List<byte[]> values = new ArrayList<>();
        for (Message message = read(); message.type() != 'Z'; message = read()) {
            if (message.type() == 'E') {
                throw new IOException(error(message));
            }
            if (message.type() == 'D') {
                values.add(Arrays.copyOfRange(message.body(), 6, message.body().length));
            }
        }
        return values;
    }

    /** What the server said of itself at login. */
    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    void query(String sql) throws IOException {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        send(Unpooled.buffer()
                .writeByte('Q')
                .writeInt(4 + text.length + 1)
                .writeBytes(text)
                .writeByte(0));
    }

    void send(ByteBuf bytes) throws IOException {
        byte[] copied = new byte[bytes.readableBytes()];
        bytes.readBytes(copied);
        socket.getOutputStream().write(copied);
    }

    /** Throws EOFException when the other side has hung up. */
    Message read() throws IOException {
        char type = (char) in.readUnsignedByte();
        byte[] body = new byte[in.readInt() - 4];
        in.readFully(body);
        return new Message(type, body);
    }

    /** Reads up to ReadyForQuery: rows and their bytes, nothing of which is kept. Throws with SQLSTATE and text after an error. */
    Received received() throws IOException {
        long rows = 0;
        long bytes = 0;
        String error = null;
        while (true) {
            char type = (char) in.readUnsignedByte();
            int length = in.readInt() - 4;
            if (type == 'D') {
                rows++;
                bytes += length;
                in.skipNBytes(length);
                continue;
            }
            byte[] body = new byte[length];
            in.readFully(body);
            if (type == 'E') {
                error = error(new Message(type, body));
            } else if (type == 'Z') {
                if (error != null) {
                    throw new IOException(error);
                }
                return new Received(rows, bytes);
            }
        }
    }

    record Received(long rows, long bytes) {}

    /** SQLSTATE and text of the next error. */
    String nextError() throws IOException {
        Message message = read();
        while (message.type() != 'E') {
            message = read();
        }
        return error(message);
    }

    /** How many bytes come until the other side hangs up. */
    long untilHungUp() throws IOException {
        long all = 0;
        byte[] piece = new byte[1 << 16];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            all += count;
        }
        return all;
    }

    void hangUp() throws IOException {
        socket.close();
    }

    private static String error(Message message) {
        ErrorFields fields = ErrorFields.decode(Unpooled.wrappedBuffer(message.body()));
        return fields.sqlState() + " " + fields.message();
    }

    @Override
    public void close() throws IOException {
        hangUp();
    }
}
