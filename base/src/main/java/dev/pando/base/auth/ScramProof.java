package dev.pando.base.auth;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** SCRAM-SHA-256 as messages of the protocol around {@link ScramServer}. */
public final class ScramProof implements ClientProof {
    private static final int CONTINUE = 11;
    private static final int FINAL = 12;

    private final StoredSecret secret;
    private final ScramVerifier verifier;
    private final ScramServer exchange;
    private boolean begun;
    private byte @Nullable [] clientKey;

    /** {@code secret} is a verifier or the password that {@code verifier} is of. */
    public ScramProof(StoredSecret secret, ScramVerifier verifier, ScramServer exchange) {
        this.secret = secret;
        this.verifier = verifier;
        this.exchange = exchange;
    }

    @Override
    public void ask(ByteBuf out) {
        BackendMessages.authenticationSasl(out, exchange.mechanisms());
    }

    @Override
    public boolean deciding() {
        return begun;
    }

    @Override
    public boolean slow() {
        return false;
    }

    @Override
    public void answer(ByteBuf body, ByteBuf out) {
        if (!begun) {
            String mechanism = Strings.readZeroTerminated(body);
            if (body.readableBytes() < 4 || body.readInt() != body.readableBytes()) {
                throw new PandoException(PandoError.PROTOCOL_VIOLATION, "malformed SASLInitialResponse");
            }
            String first = exchange.serverFirst(mechanism, body.toString(StandardCharsets.UTF_8));
            begun = true;
            BackendMessages.authenticationSaslData(out, CONTINUE, first);
        } else {
            ScramServer.Accepted accepted = exchange.serverFinal(body.toString(StandardCharsets.UTF_8));
            clientKey = accepted.clientKey();
            BackendMessages.authenticationSaslData(out, FINAL, accepted.message());
        }
    }

    /** The salt is in what the client has signed. */
    @Override
    public @Nullable ClientProof against(StoredSecret other) {
        return null;
    }

    @Override
    public ServerCredential credential() {
        return secret instanceof StoredSecret.Scram
                ? new ServerCredential.Keys(verifier, Objects.requireNonNull(clientKey))
                : secret.credential();
    }
}
