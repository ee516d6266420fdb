package dev.pando.base.auth;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The client sends its password as it is; the only method after which every kind of server can be logged in to, whatever is stored. */
public final class CleartextProof implements ClientProof {
    private final String user;
    private final StoredSecret secret;
    private final boolean known;
    private @Nullable String shown;

    /** {@code known}: the secret is the user's own; a made-up one never succeeds. */
    public CleartextProof(String user, StoredSecret secret, boolean known) {
        this.user = user;
        this.secret = secret;
        this.known = known;
    }

    @Override
    public void ask(ByteBuf out) {
        BackendMessages.authenticationCleartext(out);
    }

    @Override
    public boolean deciding() {
        return true;
    }

    @Override
    public boolean slow() {
        return secret instanceof StoredSecret.Scram;
    }

    @Override
    public void answer(ByteBuf body, ByteBuf out) {
        String password = Strings.readZeroTerminated(body);
        boolean right = !password.isEmpty() && matches(password);
        if (!right || !known) {
            throw new PandoException(PandoError.LOGIN_FAILED, user);
        }
        shown = password;
    }

    private boolean matches(String password) {
        return switch (secret) {
            case StoredSecret.Plain plain -> same(plain.password(), password);
            case StoredSecret.Md5 md5 -> same(md5.hash(), Md5Password.hash(user, password));
            case StoredSecret.Scram scram -> scram.verifier().fits(password);
        };
    }

    static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                ScramVerifier.sha256(one.getBytes(StandardCharsets.UTF_8)),
                ScramVerifier.sha256(other.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public ClientProof against(StoredSecret other) {
        return new CleartextProof(user, other, true);
    }

    @Override
    public ServerCredential credential() {
        return new ServerCredential.Password(Objects.requireNonNull(shown));
    }
}
