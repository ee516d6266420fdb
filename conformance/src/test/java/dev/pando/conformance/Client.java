package dev.pando.conformance;

import dev.pando.base.auth.BackendLogin;
import dev.pando.base.auth.ScramKeys;
import dev.pando.base.auth.ServerCredential;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection. What is sent to a server that has hung up is lost, as on any network. */
final class Client implements Closeable {
    private static final int MOST_MILLIS = 10_000;
    private static final int CANCEL = 80877102;
    private static final ScramKeys KEYS = new ScramKeys();

    private final Server server;
    private final Socket socket;
    private final DataInputStream in;
    private byte[] cancelKey = {};
    private boolean ended;

    /** How a wait ended. */
    enum End {
        AS_AWAITED,
        HUNG_UP,
        SILENCE
    }

    record Heard(List<Message> messages, End end) {}

    private interface Until {
        boolean enough(Message message);
    }

    Client(Server server) throws IOException {
        this.server = server;
        socket = new Socket(server.host(), server.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(MOST_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    boolean ended() {
        return ended;
    }

    void send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            // The next wait tells that the server is gone.
        }
    }

    Heard until(char type, int count) throws IOException {
        int[] missing = {count};
        return hear(message -> message.type() == type && --missing[0] == 0);
    }

    Heard untilEnd() throws IOException {
        return hear(message -> false);
    }

    private Heard hear(Until until) throws IOException {
        List<Message> messages = new ArrayList<>();
        try {
            while (!ended) {
                Message message = read();
                if (message == null) {
                    break;
                }
                messages.add(message);
                if (until.enough(message)) {
                    return new Heard(messages, End.AS_AWAITED);
                }
            }
        } catch (SocketTimeoutException e) {
            return new Heard(messages, End.SILENCE);
        }
        ended = true;
        return new Heard(messages, End.HUNG_UP);
    }

    private @Nullable Message read() throws IOException {
        try {
            int type = in.read();
            if (type < 0) {
                return null;
            }
            byte[] body = new byte[in.readInt() - 4];
            in.readFully(body);
            Message message = new Message((char) type, body);
            if (message.type() == 'K') {
                cancelKey = body;
            }
            return message;
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /** Up to AuthenticationOk or an error. */
    Heard authenticate(String password) throws IOException {
        BackendLogin login = new BackendLogin(server.name(), "app", ServerCredential.password(password), KEYS);
        List<Message> messages = new ArrayList<>();
        while (true) {
            Heard heard = hear(message -> message.type() == 'R' || message.type() == 'E');
            messages.addAll(heard.messages());
            if (heard.end() != End.AS_AWAITED || messages.getLast().type() == 'E') {
                return new Heard(messages, heard.end());
            }
            ByteBuf answer = Unpooled.buffer();
            login.authentication(Unpooled.wrappedBuffer(messages.getLast().body()), answer);
            if (login.awaitsKeys()) {
                login.deriveKeys();
                login.answer(answer);
            }
            byte[] bytes = new byte[answer.readableBytes()];
            answer.readBytes(bytes);
            send(bytes);
            if (login.done()) {
                return new Heard(messages, End.AS_AWAITED);
            }
        }
    }

    void cancel() throws IOException {
        try (Client canceller = new Client(server)) {
            canceller.send(Notation.joined(Notation.int32(8 + cancelKey.length), Notation.int32(CANCEL), cancelKey));
            canceller.untilEnd();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
