package dev.pando.core.session;

import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.route.Command;
import dev.pando.core.route.Planned;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happens from one Sync to the next: one {@link Pipeline} after the other, and after an error nothing more.
 *
 * <p>As long as statements concern the same shard their messages run through one pipeline. Before another shard, or an answer of several
 * shards, the replies in flight are awaited, and what has been written stays open as a transaction: up to Sync everything is one.
 */
final class Batch implements Pipeline.Listener {
    private final Session session;
    private final SessionPort port;
    private final Leases leases;
    private final Replier replier;
    private final Transactions transactions;
    private final Prepared prepared;
    private @Nullable Pipeline pipeline;
    private boolean skipping;
    /** A statement has run in the implicit transaction that lasts up to Sync: a simple query before that joins it. */
    private boolean executed;

    private Interruption.@Nullable Query interrupting;
    private final Runnable interruption = this::runInterrupting;

    Batch(
            Session session,
            SessionPort port,
            Leases leases,
            Replier replier,
            Transactions transactions,
            Prepared prepared) {
        this.session = session;
        this.port = port;
        this.leases = leases;
        this.replier = replier;
        this.transactions = transactions;
        this.prepared = prepared;
    }

    /** After an error, everything up to Sync is thrown away. */
    boolean skipping() {
        return skipping;
    }

    @Nullable
    Pipeline pipeline() {
        return pipeline;
    }

    /** Runs a step of a message; what it refuses fails the batch, also when the step had to wait and nobody calls it from a message. */
    void attempt(Runnable step) {
        try {
            step.run();
        } catch (PandoException refusal) {
            fail(Failure.of(refusal));
        }
    }

    /** Sends a Parse kept back to a server, which checks it; then goes on. */
    void announce(Runnable then) {
        ClientStatement statement = prepared.unannounced();
        if (statement == null) {
            attempt(then);
        } else if (statement.planned().plan().command().own()) {
            announceLocally(statement);
            attempt(then);
        } else {
            toLook(anyShard(statement), to -> {
                send(to, statement);
                attempt(then);
            });
        }
    }

    /** Answers a Parse kept back that no server has to check, or that one will check when it runs. */
    void announceLocally(ClientStatement statement) {
        if (statement == prepared.unannounced()) {
            ByteBuf out = port.allocator().buffer(5);
            BackendMessages.bare(out, '1');
            answer(out, prepared.announced());
        }
    }

    /** Hands a statement to the pipeline; the client hears of it when its Parse has not been answered yet. */
    void send(Pipeline to, ClientStatement statement) {
        if (statement == prepared.unannounced()) {
            Runnable undo = prepared.announced();
            try {
                to.parse(statement, undo);
            } catch (PandoException refusal) {
                undo.run();
                throw refusal;
            }
        } else {
            to.ensure(statement, () -> prepared.forget(statement));
        }
    }

    /** Where a statement is parsed or described when its values are not known: any shard that has the client's types can tell. */
    ShardId anyShard(ClientStatement statement) {
        Portal cursor =
                statement.planned().plan().command() instanceof Command.OfCursor of ? prepared.portal(of.name()) : null;
        if (cursor != null && cursor.shard() != null) {
            return cursor.shard();
        }
        Pipeline open = pipeline;
        if (open != null) {
            return open.link().shard();
        }
        ShardId preferred = leases.preferred();
        if (preferred != null) {
            return preferred;
        }
        boolean everywhere = Arrays.stream(statement.parse().parameterTypes()).allMatch(port.oids()::everywhere);
        return statement.planned().validationShard(everywhere ? port.anyShard() : ShardId.HOME);
    }

    /** Puts an answer of Pando's own in its place behind the replies in flight. */
    void answer(ByteBuf messages) {
        answer(messages, () -> {});
    }

    /** {@code undo} runs when an error before it makes the client never see it. */
    void answer(ByteBuf messages, Runnable undo) {
        if (pipeline != null) {
            pipeline.own(messages, undo);
        } else {
            port.toClient(messages);
        }
    }

    /** Hands over the open pipeline to that shard, ending one to another shard first. */
    void on(ShardId shard, Consumer<Pipeline> then) {
        on(shard, true, then);
    }

    /** Before a transaction's first shard is known, a look at a statement must not be what decides it. */
    void toLook(ShardId shard, Consumer<Pipeline> then) {
        on(
                shard,
                leases.mode() != TransactionState.Mode.EXPLICIT
                        || !leases.joined().isEmpty(),
                then);
    }

    private void on(ShardId shard, boolean join, Consumer<Pipeline> then) {
        Pipeline open = pipeline;
        if (open != null && open.link().shard().equals(shard) && (!join || open.joined(leases.mode()))) {
            if (!open.failed()) {
                then.accept(open);
            } else {
                session.resume();
            }
            return;
        }
        endPipeline(() -> leases.take(
                shard,
                join ? Leases.Join.WITH_NEXT : Leases.Join.NOT,
                participant -> {
                    Pipeline fresh = new Pipeline(port, session.reading(), leases.numbering(), participant, this);
                    pipeline = fresh;
                    attempt(() -> then.accept(fresh));
                },
                this::fail));
    }

    /**
     * Waits for the replies in flight and ends the pipeline. What it wrote outside a transaction block becomes a transaction that stays
     * open, since up to Sync everything is one.
     */
    void endPipeline(Runnable then) {
        Pipeline open = pipeline;
        if (open == null) {
            then.run();
            return;
        }
        open.drain(() -> {
            if (open.failed()) {
                session.resume();
                return;
            }
            // Portals that the client may still execute live as long as the transaction.
            if (leases.mode() == TransactionState.Mode.NONE
                    && (open.undoable() || prepared.holdsPortals(open.link().shard()))) {
                leases.transaction().begin(TransactionState.Mode.IMPLICIT, "BEGIN", null);
                open.keepTransaction();
            }
            open.sync(() -> {
                pipeline = null;
                leases.settle();
                then.run();
            });
        });
    }

    /**
     * Sends COMMIT or ROLLBACK behind the statements in flight, if the transaction can end without anything else being done in between.
     * Whatever the client sends then waits for {@link #awaitEnd}, but for Sync.
     */
    boolean endAlong(Portal portal) {
        Pipeline open = pipeline;
        Planned planned = portal.statement().planned();
        TransactionEnd end = open == null ? null : TransactionEnd.of(planned.plan());
        if (open == null
                || end == null
                || portal.spent()
                || open.copy().awaitsEnd()
                || prepared.heldBytes() > 0
                || !transactions.endsOn(open.participant())) {
            return false;
        }
        port.watch().begun(planned);
        portal.spend(leases.transaction().savepointSerial());
        open.end(end);
        session.resume();
        return true;
    }

    /** Whether the transaction's end is under way. */
    boolean ending() {
        return pipeline != null && pipeline.end() != null;
    }

    /** The end of a transaction is not kept waiting for Sync. */
    void pushEnd() {
        Pipeline open = pipeline;
        if (open != null && open.end() != null) {
            open.link().wire().flush();
        }
    }

    /** The client sends something else than Sync. */
    void awaitEnd(Runnable then) {
        Pipeline open = Objects.requireNonNull(pipeline);
        open.sync(() -> {
            synced(open);
            then.run();
        });
    }

    private void synced(Pipeline over) {
        pipeline = null;
        skipping |= over.failed();
        TransactionEnd end = over.end();
        if (end != null && end.over()) {
            ended(over.participant(), end);
        }
    }

    private void ended(Participant participant, TransactionEnd end) {
        transactions.endedOn(participant, end);
        if (end.told()) {
            session.aftermath().executed(end.plan());
        }
    }

    /** A statement of the batch is being executed; the result says whether it is the first. */
    boolean executes(Command command) {
        boolean first = !executed;
        executed |= !(command instanceof Command.Control);
        return first;
    }

    void transactionEnded() {
        executed = false;
    }

    /** Runs a simple query here and now. A batch that has executed nothing has nothing to join: the query commits by itself. */
    void interrupt(Interruption.Query query) {
        if (!executed && leases.mode() == TransactionState.Mode.NONE) {
            prepared.forgetPortals();
        }
        interrupting = query;
        endPipeline(interruption);
    }

    private void runInterrupting() {
        if (executed && leases.mode() == TransactionState.Mode.NONE) {
            leases.transaction().begin(TransactionState.Mode.IMPLICIT, "BEGIN", null);
        }
        Interruption.Query query = Objects.requireNonNull(interrupting);
        interrupting = null;
        query.run(leases.mode() == TransactionState.Mode.IMPLICIT);
    }

    /** A failure that no server has told the client of. Replies in flight come first. */
    void fail(Failure failure) {
        answered(() -> failed(failure));
    }

    /** Runs {@code then} when the replies in flight have come. */
    void answered(Runnable then) {
        Pipeline open = pipeline;
        if (open != null) {
            open.drain(then);
        } else {
            then.run();
        }
    }

    private void failed(Failure failure) {
        tell(failure);
        if (session.awaitsSync()) {
            // The Parse kept back came to nothing only now.
            endOfBatch();
        } else {
            session.resume();
        }
    }

    private void tell(Failure failure) {
        ErrorFields error = failure.error();
        if (error != null && !skipping) {
            replier.error(error);
        }
        if (leases.mode() == TransactionState.Mode.EXPLICIT) {
            leases.transaction().fail();
        }
        failed();
    }

    @Override
    public void failed() {
        if (!skipping) {
            port.watch().failed();
        }
        skipping = true;
        prepared.forgetUnannounced();
    }

    @Override
    public void syncIgnored() {
        session.syncIgnored();
    }

    /** When the session waits for something else, that goes on by itself and finds that all is skipped. */
    @Override
    public void lost(Failure failure, boolean awaited) {
        Pipeline open = pipeline;
        pipeline = null;
        if (open != null) {
            Participant participant = leases.on(open.link().shard());
            if (participant != null) {
                leases.lose(participant, "");
            }
        }
        TransactionEnd end = open == null ? null : open.end();
        if (open != null && end != null && end.over()) {
            ended(open.participant(), end);
        }
        if (end == null || !end.told()) {
            tell(failure);
        }
        if (session.awaitsSync()) {
            afterSync(skipping);
        } else if (awaited) {
            session.resume();
        }
    }

    void sync() {
        session.busy();
        if (pipeline != null && pipeline.copy().takesData()) {
            session.syncIgnored();
        } else if (skipping) {
            prepared.forgetUnannounced();
            endOfBatch();
        } else {
            announce(this::endOfBatch);
        }
    }

    private void endOfBatch() {
        Pipeline open = pipeline;
        if (open == null) {
            afterSync(skipping);
            return;
        }
        boolean undo = skipping && !open.failed() && open.wrote() && leases.mode() == TransactionState.Mode.NONE;
        if (undo) {
            open.undo();
        }
        open.sync(() -> {
            synced(open);
            afterSync(skipping);
        });
    }

    private void afterSync(boolean failed) {
        skipping = false;
        if (leases.mode() == TransactionState.Mode.NONE) {
            prepared.transactionEnded(failed);
        } else if (leases.mode() == TransactionState.Mode.IMPLICIT) {
            prepared.forgetPortals();
        }
        if (leases.mode() == TransactionState.Mode.IMPLICIT && failed) {
            transactions.rollbackAll(session::readyForQuery);
        } else if (leases.mode() == TransactionState.Mode.IMPLICIT) {
            transactions.commitAll(problem -> {
                ErrorFields error = problem == null ? null : problem.error();
                if (error != null) {
                    port.watch().failed();
                    replier.error(error);
                }
                session.readyForQuery();
            });
        } else {
            if (failed && leases.mode() == TransactionState.Mode.EXPLICIT) {
                leases.transaction().fail();
            }
            session.readyForQuery();
        }
    }

    /** The client is gone. */
    void abandon() {
        if (pipeline != null) {
            pipeline.abandon();
        }
    }
}
