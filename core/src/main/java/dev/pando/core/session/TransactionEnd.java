package dev.pando.core.session;

import dev.pando.base.wire.BackendMessages;
import dev.pando.core.link.Replies;
import dev.pando.core.route.Command;
import dev.pando.core.route.Plan;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** COMMIT or ROLLBACK that was sent behind statements of its batch which have not been answered, and what came of it. */
final class TransactionEnd {
    /** Replies due for it: of Parse, of Bind, of Execute. */
    private static final int REPLIES = 3;

    private final Plan plan;
    private final boolean commits;
    /** The client has been told, or is about to be, that it has succeeded. */
    private boolean told;

    private boolean committed;
    private boolean over;

    private TransactionEnd(Plan plan, boolean commits) {
        this.plan = plan;
        this.commits = commits;
    }

    /** Null when this plan's command is none that can be sent so. */
    @Nullable
    static TransactionEnd of(Plan plan) {
        return switch (plan.command()) {
            case Command.Commit commit when !commit.chain() -> new TransactionEnd(plan, true);
            case Command.Rollback rollback when !rollback.chain() -> new TransactionEnd(plan, false);
            case Command other -> null;
        };
    }

    Plan plan() {
        return plan;
    }

    String sql() {
        return commits ? "COMMIT" : "ROLLBACK";
    }

    /** The server has completed it. */
    void completed(ByteBuf frame) {
        told = true;
        committed = commits && Replies.tagOf(frame).equals("COMMIT");
    }

    /** The server is ready; {@code status} is its transaction's. */
    void ready(byte status) {
        over = status == 'I';
    }

    /**
     * The server is gone, having refused nothing up to this; {@code due} replies were outstanding. The result says whether nobody knows what became of
     * the transaction. Who only read has nothing to commit: its end succeeds if all before it has.
     */
    boolean lost(SessionPort port, boolean wrote, int due) {
        boolean inDoubt = !told && commits && wrote;
        if (!told && !inDoubt && due <= REPLIES) {
            told = true;
            committed = commits;
            ByteBuf out = port.allocator().buffer(16);
            BackendMessages.commandComplete(out, sql());
            port.toClient(out);
        }
        over = told || inDoubt;
        return inDoubt;
    }

    /** There is no transaction any more. Otherwise it has failed before its end was reached, which was skipped. */
    boolean over() {
        return over;
    }

    boolean told() {
        return told;
    }

    boolean committed() {
        return committed;
    }
}
