package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.link.ParameterTypes;
import dev.pando.core.route.Command;
import dev.pando.core.route.Plan;
import dev.pando.core.route.Traces;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The steps of the extended query protocol: Parse, Bind, Describe, Execute, Close, Flush. {@link Prepared} holds what they name,
 * {@link Batch} brings their messages to servers and ends with Sync.
 */
final class ExtendedProtocol {
    private final Session session;
    private final SessionPort port;
    private final Leases leases;
    private final Replier replier;
    private final Dispatcher dispatcher;
    private final Limits limits;
    private final Prepared prepared;
    private final Batch batch;
    private final Descriptions descriptions;
    private final Interruption interruption;

    ExtendedProtocol(
            Session session, SessionPort port, Leases leases, Replier replier, Dispatcher dispatcher, Limits limits) {
        this.session = session;
        this.port = port;
        this.leases = leases;
        this.replier = replier;
        this.dispatcher = dispatcher;
        this.limits = limits;
        this.prepared = new Prepared(limits);
        this.batch = new Batch(session, port, leases, replier, dispatcher.transactions(), prepared);
        this.interruption = new Interruption(this, batch, prepared);
        this.descriptions = new Descriptions(session, port, leases, prepared, batch, dispatcher, this::current);
    }

    Prepared prepared() {
        return prepared;
    }

    Batch batch() {
        return batch;
    }

    void parse(FrontendMessage.Parse parse) {
        step(() -> batch.announce(() -> {
            prepared.admit();
            if (parse.statement().isEmpty()) {
                // It is gone even if the new one is refused.
                prepared.closeStatement("");
            }
            known(
                    parse.parameterTypes(),
                    () -> plan(parse, statement -> {
                        boolean exists = !parse.statement().isEmpty() && prepared.statement(parse.statement()) != null;
                        boolean aborted =
                                leases.failedWithout(batch.anyShard(statement)) || (exists && leases.failed());
                        ErrorFields complaint = statement.planned().complaint();
                        if (complaint != null && (exists || aborted)) {
                            batch.fail(new Failure(complaint));
                            return;
                        }
                        if (aborted && !statement.planned().plan().command().leavesFailedTransaction()) {
                            batch.fail(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
                            return;
                        }
                        if (exists) {
                            String message = "prepared statement \"" + parse.statement() + "\" already exists";
                            batch.fail(new Failure(ErrorFields.of("ERROR", "42P05", message)));
                            return;
                        }
                        prepared.keepBack(statement);
                        session.resume();
                    }));
        }));
    }

    /** Has the catalog read again when it does not know one of the types. */
    private void known(int[] types, Runnable then) {
        if (leases.numbering().worthRefreshing(types)) {
            leases.numbering().refresh(() -> batch.attempt(then));
        } else {
            then.run();
        }
    }

    /** Plans a statement, unless an error comes first. */
    private void plan(FrontendMessage.Parse parse, Consumer<ClientStatement> then) {
        ClientStatement.Birth birth = new ClientStatement.Birth(
                new ClientStatement.Origin(port.epoch(), session.searchPath().current()),
                session.aftermath().schema(port.epoch()));
        session.planned(
                parse.sql(),
                planned -> {
                    if (batch.skipping()) {
                        session.resume();
                        return;
                    }
                    if (planned.pieces().size() > 1) {
                        String message = "cannot insert multiple commands into a prepared statement";
                        batch.fail(new Failure(ErrorFields.of("ERROR", "42601", message)));
                        return;
                    }
                    then.accept(new ClientStatement(parse, planned, birth, session.settings()));
                },
                error -> batch.fail(new Failure(error)));
    }

    void bind(FrontendMessage.Bind bind) {
        step(() -> freed(bind.portal().isEmpty() ? "" : null, () -> {
            ClientStatement statement = prepared.statement(bind.statement());
            if (statement != null && statement == prepared.unannounced()) {
                bindTo(statement, bind);
            } else {
                batch.announce(() -> bindToCurrent(prepared.statement(bind.statement()), bind));
            }
        }));
    }

    /** Only a server that knows the statement can tell what is wrong first. Of those that none knows the bytes themselves must do. */
    void bind(FrontendMessage.BrokenBind broken) {
        step(() -> batch.announce(() -> {
            ClientStatement statement = prepared.statement(broken.statement());
            if (statement == null) {
                batch.fail(new Failure(ErrorFields.of("ERROR", "26000", Prepared.missing(broken.statement()))));
            } else if (statement.planned().plan().command().own()) {
                batch.fail(Failure.of(broken.error()));
            } else {
                batch.toLook(batch.anyShard(statement), to -> {
                    batch.send(to, statement);
                    to.bind(broken, statement);
                    session.resume();
                });
            }
        }));
    }

    /** Runs {@code then} when all that came before has been answered. */
    void last(Runnable then) {
        step(() -> batch.announce(() -> batch.answered(then)));
    }

    /** Closes a portal that holds rows. Its servers must hear of it, and not in the middle of a pipeline. */
    void freed(@Nullable String name, Runnable then) {
        if (name != null && prepared.holdsRows(name)) {
            batch.endPipeline(() -> {
                prepared.closePortal(name);
                then.run();
            });
        } else {
            then.run();
        }
    }

    private void bindToCurrent(@Nullable ClientStatement statement, FrontendMessage.Bind bind) {
        if (statement == null) {
            bindTo(null, bind);
        } else {
            current(statement, now -> bindTo(now, bind));
        }
    }

    /**
     * The statement, planned anew when schema or search path have changed since it was. A client that has been told its columns must not
     * get others: the statement stays as it was then, until it is prepared again or the columns are back.
     */
    private void current(ClientStatement statement, Consumer<ClientStatement> then) {
        ResultColumns before = statement.columns();
        if (statement.isOf(port.epoch(), session.searchPath().current())
                && (before == null || statement.schema() == session.aftermath().schema(port.epoch()))) {
            then.accept(statement);
            return;
        }
        plan(statement.parse(), fresh -> {
            if (before == null || fresh.planned().plan().command().own()) {
                prepared.put(fresh.madeBy(statement.command()));
                then.accept(fresh);
                return;
            }
            batch.toLook(batch.anyShard(fresh), to -> {
                to.ensure(fresh, () -> {});
                to.describeQuietly(fresh);
                to.drain(() -> {
                    ResultColumns after = fresh.columns();
                    if (to.failed() || after == null) {
                        session.resume();
                    } else if (before.same(after)) {
                        prepared.put(fresh.madeBy(statement.command()));
                        then.accept(fresh);
                    } else {
                        batch.fail(ResultColumns.changed());
                    }
                });
            });
        });
    }

    private void bindTo(@Nullable ClientStatement named, FrontendMessage.Bind bind) {
        if (named != null
                && dispatcher.whereabouts().unknown(named.planned().plan().command())) {
            dispatcher.whereabouts().locate(named.planned(), batch, () -> bindKnown(named, bind));
        } else if (named == null || !leases.numbering().doubtful(bind, named.valueTypes())) {
            bindKnown(named, bind);
        } else {
            batch.toLook(batch.anyShard(named), to -> {
                batch.send(to, named);
                to.describeQuietly(named);
                to.drain(() -> {
                    if (to.failed()) {
                        session.resume();
                    } else {
                        bindKnown(named, bind);
                    }
                });
            });
        }
    }

    private void bindKnown(@Nullable ClientStatement named, FrontendMessage.Bind bind) {
        try {
            ClientStatement statement = prepared.bindable(named, bind);
            if (bind.portal().isEmpty()) {
                prepared.closePortal("");
            }
            Execution execution = execution(statement, bind, dispatcher.everything());
            Plan plan = statement.planned().plan();
            List<ShardId> shards = plan.command().own() ? List.of() : dispatcher.shards(execution);
            if (!plan.command().leavesFailedTransaction()
                    && (shards.size() == 1 ? leases.failedWithout(shards.getFirst()) : leases.failed())) {
                throw new PandoException(PandoError.IN_FAILED_TRANSACTION);
            }
            if (shards.size() == 1) {
                pass(statement, bind, shards.getFirst());
            } else {
                prepared.open(
                        new Portal(statement, bind, null, leases.transaction().savepointSerial()));
                batch.announceLocally(statement);
                ByteBuf bound = port.allocator().buffer(5);
                BackendMessages.bare(bound, '2');
                batch.answer(bound, () -> prepared.closePortal(bind.portal()));
                session.resume();
            }
        } catch (PandoException | Refusal refusal) {
            // Parse has its own answer, whatever becomes of Bind.
            batch.announce(() -> batch.fail(failure(refusal)));
        }
    }

    private void pass(ClientStatement statement, FrontendMessage.Bind bind, ShardId shard) {
        Runnable bound = () -> batch.on(shard, to -> {
            batch.send(to, statement);
            to.bind(bind, statement);
            prepared.open(
                    new Portal(statement, bind, shard, leases.transaction().savepointSerial()));
            session.resume();
        });
        Traces traces = statement.planned().plan().traces();
        if (!traces.showsStatements() && !traces.mayExecute()) {
            bound.run();
            return;
        }
        batch.endPipeline(() ->
                dispatcher.serverStatements().on(shard, traces, participant -> batch.attempt(bound), batch::fail));
    }

    void describe(FrontendMessage.Describe describe) {
        step(() -> descriptions.describe(describe));
    }

    void execute(FrontendMessage.Execute execute) {
        step(() -> batch.announce(() -> {
            Portal portal = prepared.portal(execute.portal());
            if (portal == null) {
                String message = "portal \"" + execute.portal() + "\" does not exist";
                batch.fail(new Failure(ErrorFields.of("ERROR", "34000", message)));
            } else if (portal.shard() != null) {
                executeThere(portal, portal.shard(), execute);
            } else if (!batch.endAlong(portal)) {
                batch.endPipeline(() -> executeHere(portal, execute));
            }
        }));
    }

    private void executeThere(Portal portal, ShardId shard, FrontendMessage.Execute execute) {
        Plan plan = portal.statement().planned().plan();
        if (leases.failedWithout(shard) && !plan.command().leavesFailedTransaction()) {
            throw new PandoException(PandoError.IN_FAILED_TRANSACTION);
        }
        Participant.requireMemory(leases.on(shard), plan);
        batch.executes(plan.command());
        Execution execution = execution(portal.statement(), portal.bind(), dispatcher.everything());
        batch.on(shard, to -> {
            to.suspect(plan.traces());
            Runnable completed = () -> session.aftermath().executed(plan);
            to.execute(portal, execute.maxRows(), completed);
            dispatcher.cursors().passed(execution, shard);
            if (plan.command().changesSettings()) {
                batch.endPipeline(() -> session.aftermath().settingsAfter(execution, session::resume, batch::fail));
            } else {
                session.resume();
            }
        });
    }

    private void executeHere(Portal portal, FrontendMessage.Execute execute) {
        boolean last = leases.mode() != TransactionState.Mode.EXPLICIT && session.syncFollows();
        long room = limits.mergeBytes() - prepared.heldBytes() + portal.heldBytes();
        Execution execution = execution(
                portal.statement(),
                portal.bind(),
                new Execution.Window(execute.maxRows(), last, room, portal::rows, false));
        boolean first = batch.executes(execution.plan().command());
        port.watch().begun(execution.planned());
        Operation.Outcome outcome = outcome(execution);
        try {
            EverywhereAlone.require(execution, leases, first);
            if (room <= 0) {
                throw new PandoException(PandoError.MERGE_MEMORY, port.shardCount(), limits.mergeBytes());
            }
            if (portal.spent()) {
                again(portal, execute.maxRows(), room, outcome);
                return;
            }
            portal.spend(leases.transaction().savepointSerial());
            if (execution.plan().command() instanceof Command.Own own) {
                dispatcher.runOwn(own, execution, outcome);
            } else {
                dispatcher.runAcross(execution, dispatcher.shards(execution), outcome);
            }
        } catch (PandoException | Refusal refusal) {
            outcome.failed(failure(refusal));
        }
    }

    private Operation.Outcome outcome(Execution execution) {
        return new Operation.Outcome() {
            @Override
            public void takesData() {
                session.pump();
            }

            @Override
            public void done() {
                session.current(null);
                session.aftermath().executed(execution.plan());
                Runnable settled = () -> {
                    leases.settle();
                    session.resume();
                };
                if (execution.plan().command().changesSettings()) {
                    session.aftermath().settingsAfter(execution, settled, batch::fail);
                } else {
                    settled.run();
                }
            }

            @Override
            public void failed(Failure failure) {
                session.current(null);
                batch.fail(failure);
            }
        };
    }

    /** Executes a portal that has run already: it goes on, or PostgreSQL would not run it again. */
    private void again(Portal portal, int maxRows, long room, Operation.Outcome outcome) {
        Portal.Rows rows = portal.rows();
        Command command = portal.statement().planned().plan().command();
        if (leases.failed()) {
            outcome.failed(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
        } else if (rows != null && rows.failed()) {
            outcome.failed(CursorRows.cannotRun(portal.bind().portal()).failure());
        } else if (rows != null) {
            session.current(rows);
            rows.fetch(maxRows, room, outcome);
        } else if (command instanceof Command.PandoCall
                || command instanceof Command.ExplainPando
                || command instanceof Command.ListeningChannels) {
            replier.complete("SELECT 0");
            outcome.done();
        } else {
            String message = "portal \"" + portal.bind().portal() + "\" cannot be run";
            outcome.failed(new Failure(ErrorFields.of("ERROR", "55000", message)));
        }
    }

    void close(FrontendMessage.Close close) {
        step(() -> batch.announce(() -> freed(close.kind() == 'P' ? close.name() : null, () -> {
            Portal portal = close.kind() == 'P' ? prepared.closePortal(close.name()) : null;
            Runnable undo = close.kind() == 'S' ? prepared.closeStatement(close.name()) : () -> {};
            Pipeline open = batch.pipeline();
            if (portal != null && portal.shard() != null) {
                batch.on(portal.shard(), to -> {
                    to.closePortal(close.name());
                    session.resume();
                });
            } else if (open != null) {
                ByteBuf out = port.allocator().buffer(5);
                BackendMessages.bare(out, '3');
                open.own(out, undo);
                session.resume();
            } else {
                replier.bare('3');
                session.resume();
            }
        })));
    }

    void flush() {
        step(() -> batch.announce(() -> {
            Pipeline open = batch.pipeline();
            if (open != null) {
                open.flush();
            }
            port.flushClient();
            session.resume();
        }));
    }

    /** The transaction went back to the savepoint with this serial. */
    void rolledBack(long savepoint) {
        prepared.forgetPortalsSince(savepoint);
    }

    /** A transaction ended: its portals are gone. */
    void transactionEnded() {
        batch.transactionEnded();
        prepared.transactionEnded(dispatcher.transactions().undone());
    }

    /**
     * Runs a simple query or a function call, perhaps in the middle of a batch. It is told whether it joins the batch's implicit
     * transaction.
     */
    void interrupt(Interruption.Query query) {
        interruption.by(query);
    }

    /** Everything that came has been answered. */
    void rests() {
        interruption.forget();
    }

    /** DISCARD ALL. */
    void forgetStatements() {
        prepared.forgetAll();
    }

    /** DEALLOCATE ALL: portals stay until their transaction ends. */
    void deallocateAll() {
        prepared.deallocateAll();
    }

    /** False when there is none of that name. */
    boolean deallocate(String statement) {
        return prepared.deallocate(statement);
    }

    /** Releases what is held for a client that is gone. */
    void abandon() {
        prepared.forgetAll();
        batch.abandon();
    }

    int preparedStatements() {
        return prepared.statements();
    }

    void step(Runnable action) {
        session.busy();
        batch.attempt(action);
    }

    private Execution execution(ClientStatement statement, FrontendMessage.Bind bind, Execution.Window window) {
        return new Execution(
                statement.planned(),
                statement.sql(),
                new ParameterTypes(statement.parameterTypes(), statement.valueTypes()),
                bind,
                window,
                () -> prepared.forget(statement));
    }

    private static Failure failure(RuntimeException refusal) {
        return refusal instanceof PandoException ours ? Failure.of(ours) : ((Refusal) refusal).failure();
    }
}
