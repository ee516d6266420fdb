package dev.pando.base.auth;

import static dev.pando.base.Fuzzing.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.FrameSplitter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Servers that say what they like while Pando logs in. docs/fuzzing.md tells how to look for more. */
class BackendLoginFuzzTest {
    private static final String PASSWORD = "a secret to be kept";
    private static final byte[] SALT = {1, 2, 3, 4, 5, 6, 7, 8};
    private static final ScramKeys KEYS = new ScramKeys();
    private static final ScramVerifier TRUE_ONE = ScramVerifier.derive(PASSWORD, SALT, 4096);
    private static final ScramVerifier FALSE_ONE = ScramVerifier.derive("another", SALT, 4096);

    /**
     * Once SASL has begun only a server that knows the password, and says so unaltered, gets Pando in; the password goes out in the clear
     * only to who asks for it from the start; what goes out are whole messages; and no bytes are worse than a refusal.
     */
    @FuzzTest
    void servers(byte[] input) {
        var exchange = new Exchange(Unpooled.wrappedBuffer(input));
        try {
            while (exchange.goesOn()) {
                exchange.step();
            }
        } catch (PandoException e) {
            if (e.error() != PandoError.BACKEND_LOGIN) {
                throw new AssertionError("refused as " + e.error(), e);
            }
            check(!String.valueOf(e.getMessage()).contains(PASSWORD), "the password is in: " + e.getMessage());
        }
    }

    /** Reads what the server does from the input: an honest step, one with a byte changed, or any bytes. */
    private static final class Exchange {
        private final ByteBuf script;
        private final BackendLogin login = new BackendLogin("a", "app", ServerCredential.password(PASSWORD), KEYS);
        private final ScramServer server;
        private final boolean knows;
        private String heard = "";
        private @Nullable String last;
        private boolean sasl;
        private boolean proven;
        private boolean clear;
        private boolean over;

        private Exchange(ByteBuf script) {
            this.script = script;
            knows = !script.isReadable() || (script.readByte() & 1) == 0;
            server = new ScramServer("app", knows ? TRUE_ONE : FALSE_ONE, true, "abcdefghijklmnopqrstuvwx", null);
        }

        private boolean goesOn() {
            return !over && script.isReadable();
        }

        private void step() {
            switch (script.readByte() & 7) {
                case 0 -> take(honest());
                case 1 -> take(Unpooled.buffer().writeInt(0));
                case 2 -> take(changed(honest()));
                case 3 -> take(Unpooled.buffer().writeInt(3));
                case 4 -> take(Unpooled.buffer().writeInt(5).writeInt(77));
                default -> take(any());
            }
        }

        private ByteBuf honest() {
            try {
                return next();
            } catch (PandoException refusesUs) {
                return Unpooled.buffer().writeInt(0); // and still says that all is well
            }
        }

        private ByteBuf next() {
            ByteBuf out = Unpooled.buffer();
            if (!sasl) {
                BackendMessages.authenticationSasl(out, List.of(ScramServer.MECHANISM_PLUS, ScramServer.MECHANISM));
            } else if (last == null) {
                BackendMessages.authenticationSaslData(out, 11, server.serverFirst(ScramServer.MECHANISM, heard));
                last = "";
            } else {
                // Who does not know the password cannot check the proof either.
                last = knows ? server.serverFinal(heard).message() : "v=" + "A".repeat(43) + "=";
                BackendMessages.authenticationSaslData(out, 12, last);
            }
            return out.skipBytes(FrameSplitter.HEADER);
        }

        private ByteBuf changed(ByteBuf honest) {
            if (script.readableBytes() >= 2) {
                int at = honest.readerIndex() + script.readUnsignedByte() % honest.readableBytes();
                honest.setByte(at, honest.getByte(at) ^ script.readByte());
            }
            return honest;
        }

        private ByteBuf any() {
            int length = script.isReadable() ? script.readUnsignedByte() : 0;
            return script.readSlice(Math.min(length, script.readableBytes()));
        }

        private void take(ByteBuf body) {
            int code = body.readableBytes() < 4 ? -1 : body.getInt(body.readerIndex());
            String text = body.toString(StandardCharsets.UTF_8);
            clear |= code == 3 && !sasl;
            proven |= knows && last != null && !last.isEmpty() && text.endsWith(last);
            ByteBuf out = Unpooled.buffer();
            login.authentication(body, out);
            if (login.awaitsKeys()) {
                // With another salt or number of rounds it would only take long.
                over = !text.contains(",s=AQIDBAUGBwg=,i=4096");
                if (over) {
                    return;
                }
                login.deriveKeys();
                login.answer(out);
            }
            check(login.done() == (code == 0), "done after " + code);
            check(!login.done() || !sasl || proven, "logged in to a server that did not prove itself");
            check(clear || out.toString(StandardCharsets.UTF_8).indexOf(PASSWORD) < 0, "the password was told");
            listen(out);
        }

        private void listen(ByteBuf out) {
            if (!out.isReadable()) {
                return;
            }
            int length = new FrameSplitter(1 << 20).frameLength(out);
            check(out.getByte(0) == 'p' && length == out.readableBytes(), "an answer of " + length + " bytes");
            String text = out.skipBytes(FrameSplitter.HEADER).toString(StandardCharsets.UTF_8);
            if (text.startsWith(ScramServer.MECHANISM + "\0")) {
                sasl = true;
                text = text.substring(ScramServer.MECHANISM.length() + 5);
            }
            heard = text;
        }
    }
}
