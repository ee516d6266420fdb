package dev.pando.base.auth;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.Violation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one SCRAM-SHA-256 exchange (RFC 5802): client-first → {@link #serverFirst}, client-final → {@link #serverFinal}.
 * For a user who does not exist it is run with a made-up verifier to the same end, so that an attacker cannot tell the two apart.
 */
public final class ScramServer {
    public static final String MECHANISM = "SCRAM-SHA-256";

    /** The same, bound to the TLS connection it runs over: a man in the middle cannot pass it on. */
    public static final String MECHANISM_PLUS = "SCRAM-SHA-256-PLUS";

    private static final String BOUND = "p=tls-server-end-point,,";

    private final String user;
    private final ScramVerifier verifier;
    private final boolean known;
    private final String serverNonce;
    private final byte @Nullable [] certificateHash;
    private @Nullable String clientFirstBare;
    private @Nullable String serverFirst;
    private @Nullable String gs2Header;

    /**
     * An exchange.
     *
     * @param known whether {@code verifier} is the user's own; a made-up one never succeeds
     * @param serverNonce random printable text without commas, at least 18 characters
     * @param certificateHash of the certificate the client has seen (RFC 5929, tls-server-end-point); null without TLS
     */
    public ScramServer(
            String user, ScramVerifier verifier, boolean known, String serverNonce, byte @Nullable [] certificateHash) {
        this.user = user;
        this.verifier = verifier;
        this.known = known;
        this.serverNonce = serverNonce;
        this.certificateHash = certificateHash == null ? null : certificateHash.clone();
    }

    /** What the client may choose from, the best first. */
    public List<String> mechanisms() {
        return certificateHash == null ? List.of(MECHANISM) : List.of(MECHANISM_PLUS, MECHANISM);
    }

    /** Takes the mechanism chosen and the client's first message. */
    public String serverFirst(String mechanism, String clientFirst) {
        if (!mechanisms().contains(mechanism)) {
            throw Violation.of("client selected an invalid SASL authentication mechanism");
        }
        String header = header(mechanism.equals(MECHANISM_PLUS), clientFirst);
        String bare = clientFirst.substring(header.length());
        // The name inside is not looked at: PostgreSQL's clients leave it empty, the startup packet has it.
        if (!bare.startsWith("n=")) {
            throw malformed("client-first-message"); // among others "m=", an extension that must be understood
        }
        String nonce = attribute(bare, 'r', "client-first-message");
        if (nonce.isEmpty() || nonce.length() > 1024 || !nonce.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw malformed("client nonce");
        }
        String answer = "r=" + nonce + serverNonce + ",s=" + Base64.getEncoder().encodeToString(verifier.salt()) + ",i="
                + verifier.iterations();
        gs2Header = header;
        clientFirstBare = bare;
        serverFirst = answer;
        return answer;
    }

    /** What stands before the message proper: whether it is bound to the channel. Nobody logs in for somebody else. */
    private String header(boolean bound, String clientFirst) {
        if (bound && clientFirst.startsWith(BOUND)) {
            return BOUND;
        }
        if (!bound && clientFirst.startsWith("n,,")) {
            return "n,,";
        }
        if (!bound && clientFirst.startsWith("y,,")) {
            if (certificateHash != null) {
                // Somebody between took the better mechanism off the list.
                throw new PandoException(
                        PandoError.PROTOCOL_VIOLATION, "the client was not told that SCRAM channel binding is offered");
            }
            return "y,,";
        }
        throw malformed("client-first-message");
    }

    /** The last message, and the key that the client's proof reveals to whoever has the verifier. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    public record Accepted(String message, byte[] clientKey) {
        @Override
        public String toString() {
            return "Accepted";
        }
    }

    /**
     * Checks the client's proof.
     *
     * @throws PandoException LOGIN_FAILED when it is wrong
     */
    public Accepted serverFinal(String clientFinal) {
        String first = serverFirst;
        String bare = clientFirstBare;
        String header = gs2Header;
        int proofAt = clientFinal.lastIndexOf(",p=");
        if (first == null || bare == null || header == null || proofAt < 0) {
            throw malformed("client-final-message");
        }
        String withoutProof = clientFinal.substring(0, proofAt);
        byte[] proof = base64(clientFinal.substring(proofAt + 3), "proof");
        byte[] binding = base64(attribute(withoutProof, 'c', "client-final-message"), "channel binding");
        boolean nonceAgrees =
                attribute(withoutProof, 'r', "client-final-message").equals(attribute(first, 'r', "server nonce"));
        boolean bindingAgrees = MessageDigest.isEqual(binding, expectedBinding(header));
        String authMessage = bare + "," + first + "," + withoutProof;
        byte[] clientKey = clientKey(proof, authMessage);
        boolean proves = MessageDigest.isEqual(ScramVerifier.sha256(clientKey), verifier.storedKey());
        if (!nonceAgrees || !bindingAgrees || !proves || !known) {
            throw new PandoException(PandoError.LOGIN_FAILED, user);
        }
        String signature = Base64.getEncoder().encodeToString(ScramVerifier.hmac(verifier.serverKey(), authMessage));
        return new Accepted("v=" + signature, clientKey);
    }

    private byte[] expectedBinding(String header) {
        byte[] start = header.getBytes(StandardCharsets.UTF_8);
        byte[] hash = certificateHash;
        if (!header.equals(BOUND) || hash == null) {
            return start;
        }
        byte[] bound = Arrays.copyOf(start, start.length + hash.length);
        System.arraycopy(hash, 0, bound, start.length, hash.length);
        return bound;
    }

    /** ClientProof is ClientKey XOR ClientSignature; an empty key, which no verifier is of, for a proof of another length. */
    private byte[] clientKey(byte[] proof, String authMessage) {
        byte[] key = ScramVerifier.hmac(verifier.storedKey(), authMessage);
        if (proof.length != key.length) {
            return new byte[0];
        }
        for (int i = 0; i < key.length; i++) {
            key[i] ^= proof[i];
        }
        return key;
    }

    private static String attribute(String message, char name, String where) {
        for (String part : message.split(",", -1)) {
            if (part.length() >= 2 && part.charAt(0) == name && part.charAt(1) == '=') {
                return part.substring(2);
            }
        }
        throw malformed(where);
    }

    private static byte[] base64(String text, String what) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw PandoException.causedBy(notBase64, PandoError.PROTOCOL_VIOLATION, "malformed SCRAM " + what);
        }
    }

    private static PandoException malformed(String what) {
        return new PandoException(PandoError.PROTOCOL_VIOLATION, "malformed SCRAM " + what);
    }
}
