package dev.pando.base.auth;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * How one client proves that it knows the user's password, as pure state: {@link #ask}, then each of the client's 'p' messages goes to
 * {@link #answer}. For a user who does not exist it runs with made-up secrets to the same end and at the same cost.
 */
public sealed interface ClientProof permits CleartextProof, Md5Proof, ScramProof {
    /** Appends the message that asks for the proof. */
    void ask(ByteBuf out);

    /** The client's next message decides. */
    boolean deciding();

    /** Deciding takes thousands of hashes: not for an event loop. */
    boolean slow();

    /**
     * Takes the body of a 'p' message and appends the answer, if one is due.
     *
     * @throws dev.pando.base.error.PandoException LOGIN_FAILED when the proof is wrong, PROTOCOL_VIOLATION when it is none
     */
    void answer(ByteBuf body, ByteBuf out);

    /** The same question with another secret, to which the client's last message is an answer too; null when it cannot be. */
    @Nullable
    ClientProof against(StoredSecret secret);

    /** With what to log in to servers now that the proof is there. */
    ServerCredential credential();
}
