package dev.pando.base.auth;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The client sends its password hashed with a salt of ours. */
public final class Md5Proof implements ClientProof {
    private final String user;
    private final StoredSecret secret;
    private final boolean known;
    private final byte[] salt;

    /**
     * An exchange.
     *
     * @param secret a password or an MD5 hash: a SCRAM verifier says nothing about MD5
     * @param known the secret is the user's own; a made-up one never succeeds
     * @param salt four random bytes
     */
    public Md5Proof(String user, StoredSecret secret, boolean known, byte[] salt) {
        if (hash(user, secret) == null || salt.length != 4) {
            throw new IllegalArgumentException("MD5 with " + secret.kind() + " and a salt of " + salt.length);
        }
        this.user = user;
        this.secret = secret;
        this.known = known;
        this.salt = salt.clone();
    }

    private static @Nullable String hash(String user, StoredSecret secret) {
        return switch (secret) {
            case StoredSecret.Plain plain -> Md5Password.hash(user, plain.password());
            case StoredSecret.Md5 md5 -> md5.hash();
            case StoredSecret.Scram scram -> null;
        };
    }

    @Override
    public void ask(ByteBuf out) {
        BackendMessages.authenticationMd5(out, salt);
    }

    @Override
    public boolean deciding() {
        return true;
    }

    @Override
    public boolean slow() {
        return false;
    }

    @Override
    public void answer(ByteBuf body, ByteBuf out) {
        String hash = hash(user, secret);
        String answer = Strings.readZeroTerminated(body);
        boolean right = hash != null && CleartextProof.same(Md5Password.answer(hash, salt), answer);
        if (!right || !known) {
            throw new PandoException(PandoError.LOGIN_FAILED, user);
        }
    }

    @Override
    public @Nullable ClientProof against(StoredSecret other) {
        return hash(user, other) == null ? null : new Md5Proof(user, other, true, salt);
    }

    @Override
    public ServerCredential credential() {
        return secret.credential();
    }
}
