package dev.pando.server.net;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The streams of clients and servers as the network cuts them. docs/fuzzing.md tells how to look for more. */
class FramesFuzzTest {
    private static final int LIMIT = 100_000;
    private static final Set<PandoError> CLEAN = EnumSet.of(
            PandoError.PROTOCOL_VIOLATION,
            PandoError.MESSAGE_TOO_LONG,
            PandoError.BACKEND_PROTOCOL,
            PandoError.ANSWER_TOO_LONG);

    /** A client gets the same messages out of its bytes wherever they are cut, and nothing is lost or made up between them. */
    @FuzzTest
    void clients(byte[] input) {
        if (input.length > 0 && input[0] == FrameDecoder.TLS_HANDSHAKE) {
            return; // handed on as far as it has come: what follows is for another decoder
        }
        String whole = new Client(input).read(false);
        String cut = new Client(input).read(true);
        check(whole.equals(cut), "in pieces: " + cut + ", at once: " + whole);
    }

    /** So does a server, whose long messages may come in parts: those make up the message. */
    @FuzzTest
    void servers(byte[] input) {
        String whole = new Server(input).read(false);
        String cut = new Server(input).read(true);
        check(whole.equals(cut), "in pieces: " + cut + ", at once: " + whole);
    }

    /** What is read from {@code options} came from there, and writing it again says the same. */
    @FuzzTest
    void options(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Map<String, String> settings = StartupOptions.parse(text);
        var again = new StringBuilder();
        settings.forEach((name, value) -> {
            check(!name.isEmpty() && name.indexOf('=') < 0, "a setting of the name \"" + name + "\"");
            again.append("-c ").append(escaped(name + "=" + value)).append(' ');
        });
        check(StartupOptions.parse(again.toString()).equals(settings), "written as " + again);
    }

    private static String escaped(String word) {
        var escaped = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '\\' || Character.isWhitespace(c)) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }

    private static void check(boolean holds, String finding) {
        if (!holds) {
            throw new AssertionError(finding);
        }
    }

    /** One side of a connection in small: what comes out is noted message by message, and compared with what went in. */
    private abstract static class Side extends ChannelInboundHandlerAdapter {
        private final byte[] input;
        final StringBuilder noted = new StringBuilder();
        private final ByteBuf passed = Unpooled.buffer();
        private @Nullable PandoError refusal;
        private @Nullable Throwable finding;

        Side(byte[] input) {
            this.input = input;
        }

        abstract ChannelHandler decoder();

        /** Bytes of the message that begins there, as far as is known yet. */
        int due(ByteBuf rest) {
            return rest.readableBytes() < 5 ? 5 : 1 + rest.getInt(1);
        }

        void note(ByteBuf bytes) {
            passed.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        }

        final String read(boolean inPieces) {
            var channel = new EmbeddedChannel(decoder(), this);
            int at = 0;
            while (at < input.length && refusal == null && channel.isOpen()) {
                int size = inPieces ? Math.min(1 + (input[at] & 15), input.length - at) : input.length - at;
                channel.writeInbound(Unpooled.wrappedBuffer(input, at, size));
                at += size;
            }
            byte[] whole = ByteBufUtil.getBytes(passed);
            boolean waits = channel.isOpen() && refusal == null;
            String outcome = noted + " " + whole.length + (channel.isOpen() ? " open " : " closed ") + refusal;
            Sockets.close(channel);
            if (finding != null) {
                throw new AssertionError(outcome, finding);
            }
            check(Arrays.equals(whole, Arrays.copyOf(input, whole.length)), "other bytes than came: " + outcome);
            int rest = input.length - whole.length;
            check(!waits || rest < due(Unpooled.wrappedBuffer(input, whole.length, rest)), "kept back: " + outcome);
            return outcome;
        }

        @Override
        public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
            if (reason instanceof PandoException refused && CLEAN.contains(refused.error())) {
                refusal = refused.error();
            } else {
                finding = cause;
            }
        }
    }

    /** Its first message is the startup packet; the second ends its login. */
    private static final class Client extends Side {
        private final FrameDecoder decoder = new FrameDecoder(LIMIT);
        private int messages;

        Client(byte[] input) {
            super(input);
        }

        @Override
        ChannelHandler decoder() {
            return decoder;
        }

        @Override
        int due(ByteBuf rest) {
            return messages > 0 ? super.due(rest) : rest.readableBytes() < 4 ? 4 : rest.getInt(0);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf frame = (ByteBuf) message;
            note(frame);
            noted.append(ByteBufUtil.hexDump(frame)).append(' ');
            frame.release();
            messages++;
            decoder.startupOver();
            if (messages > 1) {
                decoder.loginOver();
            }
        }
    }

    /** Rows are taken in parts. */
    private static final class Server extends Side implements ServerFrames.Reader {
        private int awaited;

        Server(byte[] input) {
            super(input);
        }

        @Override
        ChannelHandler decoder() {
            return new ServerFrames(this, LIMIT);
        }

        @Override
        public boolean takesInParts(byte type) {
            return type == 'D';
        }

        @Override
        public String name() {
            return "a";
        }

        @Override
        public void message(byte type, ByteBuf frame) {
            check(frame.readableBytes() == 1 + frame.getInt(frame.readerIndex() + 1), "not a message");
            noted.append(ByteBufUtil.hexDump(frame)).append(' ');
            note(frame);
        }

        @Override
        public void part(ByteBuf bytes, int left) {
            awaited = (awaited == 0 ? 1 + bytes.getInt(bytes.readerIndex() + 1) : awaited) - bytes.readableBytes();
            check(left == awaited, left + " left of " + awaited);
            noted.append(left == 0 ? "parts " : "");
            note(bytes);
        }
    }
}
