package dev.pando.bench;

import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a login, as pure steps: messages come in, bytes to send come out. One object per connection, one thread.
 *
 * <p>Knows trust, cleartext, md5 and SCRAM-SHA-256 without channel binding, and checks the server's signature: a server that does not know
 * the password is an error here as in libpq.
 */
final class Login {
    private static final String MECHANISM = "SCRAM-SHA-256";
    private static final int PROTOCOL_3_0 = 0x0003_0000;

    /** What follows from one message. */
    sealed interface Progress {
        /** Wait for more messages; what was written to {@code out} has to be sent. */
        record Pending() implements Progress {}

        record Done() implements Progress {}

        record Failed(ServerError error) implements Progress {}
    }

    private static final Progress PENDING = new Progress.Pending();
    private static final Progress DONE = new Progress.Done();

    private final PostgresUrl url;
    private final ScramKeys keys;
    private final String nonce;
    private @Nullable String clientFirstBare;
    private byte @Nullable [] expectedSignature;
    private boolean proved;

    /** @param nonce printable, without commas, and fresh: it is this client's share against replay */
    Login(PostgresUrl url, ScramKeys keys, String nonce) {
        this.url = url;
        this.keys = keys;
        this.nonce = nonce;
    }

    void start(ByteBuf out) {
        int lengthAt = out.writerIndex();
        out.writeInt(0).writeInt(PROTOCOL_3_0);
        for (String text :
                new String[] {"user", url.user(), "database", url.database(), "application_name", "pando bench"}) {
            Strings.writeZeroTerminated(out, text);
        }
        out.writeByte(0);
        out.setInt(lengthAt, out.writerIndex() - lengthAt);
    }

    Progress on(byte type, ByteBuf body, ByteBuf out) {
        return switch (type) {
            case 'R' -> authentication(body, out);
            case 'E' -> new Progress.Failed(ServerError.decode(body));
            // ParameterStatus, BackendKeyData, NoticeResponse and NegotiateProtocolVersion change nothing here.
            case 'S', 'K', 'N', 'v' -> PENDING;
            case 'Z' -> clientFirstBare == null || proved ? DONE : failed("server let us in without proving itself");
            default -> failed("message '" + (char) type + "' during login");
        };
    }

    private Progress authentication(ByteBuf body, ByteBuf out) {
        int request = body.readInt();
        return switch (request) {
            case 0 -> PENDING;
            case 3 -> password(url.password(), out);
            case 5 -> password(keys.md5Answer(url.user(), ByteBufUtil.getBytes(body.readSlice(4))), out);
            case 10 -> firstMessage(body, out);
            case 11 -> proof(body.toString(StandardCharsets.UTF_8), out);
            case 12 -> verify(body.toString(StandardCharsets.UTF_8));
            default -> failed("authentication request " + request + " is not supported");
        };
    }

    private static Progress password(String text, ByteBuf out) {
        int lengthAt = open(out);
        Strings.writeZeroTerminated(out, text);
        close(out, lengthAt);
        return PENDING;
    }

    private Progress firstMessage(ByteBuf mechanisms, ByteBuf out) {
        boolean offered = false;
        while (mechanisms.isReadable() && mechanisms.getByte(mechanisms.readerIndex()) != 0) {
            offered |= MECHANISM.equals(Strings.readZeroTerminated(mechanisms));
        }
        if (!offered) {
            return failed("server does not offer " + MECHANISM);
        }
        // PostgreSQL takes the user from the start-up message and ignores this one.
        clientFirstBare = "n=,r=" + nonce;
        byte[] first = ("n,," + clientFirstBare).getBytes(StandardCharsets.UTF_8);
        int lengthAt = open(out);
        Strings.writeZeroTerminated(out, MECHANISM);
        out.writeInt(first.length).writeBytes(first);
        close(out, lengthAt);
        return PENDING;
    }

    private Progress proof(String serverFirst, ByteBuf out) {
        if (clientFirstBare == null) {
            return failed("SCRAM challenge before SCRAM was chosen");
        }
        String serverNonce = attribute(serverFirst, 'r');
        String salt = attribute(serverFirst, 's');
        String rounds = attribute(serverFirst, 'i');
        if (serverNonce == null || salt == null || rounds == null || !serverNonce.startsWith(nonce)) {
            return failed("malformed SCRAM challenge");
        }
        ScramKeys.Keys derived;
        try {
            derived = keys.keys(salt, Integer.parseInt(rounds));
        } catch (IllegalArgumentException e) {
            return failed("unusable SCRAM challenge: " + e.getMessage());
        }
        String withoutProof = "c=biws,r=" + serverNonce;
        String signed = clientFirstBare + "," + serverFirst + "," + withoutProof;
        byte[] proof = ScramKeys.hmac(derived.storedKey(), signed);
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= derived.clientKey()[i];
        }
        expectedSignature = ScramKeys.hmac(derived.serverKey(), signed);
        int lengthAt = open(out);
        out.writeCharSequence(withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof), StandardCharsets.UTF_8);
        close(out, lengthAt);
        return PENDING;
    }

    private Progress verify(String serverFinal) {
        String signature = attribute(serverFinal, 'v');
        proved = expectedSignature != null
                && signature != null
                && MessageDigest.isEqual(expectedSignature, decode(signature));
        return proved ? PENDING : failed("server's SCRAM signature is wrong");
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    private static @Nullable String attribute(String message, char name) {
        for (String part : message.split(",", -1)) {
            if (part.length() > 1 && part.charAt(0) == name && part.charAt(1) == '=') {
                return part.substring(2);
            }
        }
        return null;
    }

    private static int open(ByteBuf out) {
        out.writeByte('p');
        int lengthAt = out.writerIndex();
        out.writeInt(0);
        return lengthAt;
    }

    private static void close(ByteBuf out, int lengthAt) {
        out.setInt(lengthAt, out.writerIndex() - lengthAt);
    }

    private static Progress failed(String why) {
        return new Progress.Failed(new ServerError(ServerError.PROTOCOL, why));
    }
}
