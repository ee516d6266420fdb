package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.route.Command;
import dev.pando.core.route.Plan;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The extended query protocol: Parse, Bind, Describe, Execute, Close, Flush, Sync.
 *
 * <p>As long as statements concern the same shard their messages run through one {@link Pipeline}. What needs several shards, or Pando
 * itself, first waits for the replies in flight. A Parse is kept back until the next message, because only Bind tells the shard.
 */
final class ExtendedProtocol implements Pipeline.Listener {
    private final Session session;
    private final SessionPort port;
    private final Leases leases;
    private final Replier replier;
    private final Dispatcher dispatcher;
    private final Limits limits;
    private final Map<String, ClientStatement> statements = new HashMap<>();
    private final Map<String, Portal> portals = new HashMap<>();
    private @Nullable Pipeline pipeline;
    private @Nullable ClientStatement unannounced;
    /** What the unannounced statement took the place of. */
    private @Nullable ClientStatement replaced;

    private boolean skipping;

    ExtendedProtocol(
            Session session, SessionPort port, Leases leases, Replier replier, Dispatcher dispatcher, Limits limits) {
        this.session = session;
        this.port = port;
        this.leases = leases;
        this.replier = replier;
        this.dispatcher = dispatcher;
        this.limits = limits;
    }

    /** After an error, everything up to Sync is thrown away. */
    boolean skipping() {
        return skipping;
    }

    @Nullable
    Pipeline pipeline() {
        return pipeline;
    }

    void parse(FrontendMessage.Parse parse) {
        step(() -> announce(() -> {
            admit();
            plan(parse, statement -> {
                boolean exists = !parse.statement().isEmpty() && statements.containsKey(parse.statement());
                boolean aborted = leases.failedWithout(anyShard(statement)) || (exists && leases.failed());
                if (aborted && !endsTransaction(statement.planned().plan())) {
                    fail(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
                    return;
                }
                if (exists) {
                    String message = "prepared statement \"" + parse.statement() + "\" already exists";
                    fail(new Failure(ErrorFields.of("ERROR", "42P05", message)));
                    return;
                }
                unannounced = statement;
                replaced = statements.put(parse.statement(), statement);
                session.resume();
            });
        }));
    }

    /** Plans a statement, unless an error comes first. */
    private void plan(FrontendMessage.Parse parse, Consumer<ClientStatement> then) {
        ClientStatement.Origin origin =
                new ClientStatement.Origin(port.epoch(), session.searchPath().current());
        session.planned(
                parse.sql(),
                planned -> {
                    if (skipping) {
                        session.resume();
                        return;
                    }
                    if (planned.pieces().size() > 1) {
                        String message = "cannot insert multiple commands into a prepared statement";
                        fail(new Failure(ErrorFields.of("ERROR", "42601", message)));
                        return;
                    }
                    then.accept(new ClientStatement(parse, planned, origin));
                },
                error -> fail(new Failure(error)));
    }

    private void admit() {
        int held = statements.size() + portals.size();
        if (held >= limits.statements()) {
            throw new PandoException(PandoError.TOO_MANY_STATEMENTS, held, limits.statements());
        }
    }

    void bind(FrontendMessage.Bind bind) {
        step(() -> {
            ClientStatement statement = statements.get(bind.statement());
            if (statement != null && statement == unannounced) {
                bindTo(statement, bind);
            } else {
                announce(() -> bindToCurrent(statements.get(bind.statement()), bind));
            }
        });
    }

    /** Binds, after planning anew when schema or search path have changed since the statement was planned. */
    private void bindToCurrent(@Nullable ClientStatement statement, FrontendMessage.Bind bind) {
        if (statement == null
                || statement
                        .origin()
                        .equals(new ClientStatement.Origin(
                                port.epoch(), session.searchPath().current()))) {
            bindTo(statement, bind);
        } else {
            plan(statement.parse(), fresh -> {
                statements.put(statement.name(), fresh);
                bindTo(fresh, bind);
            });
        }
    }

    private void bindTo(@Nullable ClientStatement statement, FrontendMessage.Bind bind) {
        try {
            if (statement == null) {
                throw refusal("26000", "prepared statement \"" + bind.statement() + "\" does not exist");
            }
            if (!bind.portal().isEmpty() && portals.containsKey(bind.portal())) {
                throw refusal("42P03", "cursor \"" + bind.portal() + "\" already exists");
            }
            admit();
            checkParameters(statement, bind);
            Dispatcher.Execution execution = execution(statement, bind);
            Plan plan = statement.planned().plan();
            List<ShardId> shards = Dispatcher.own(plan) ? List.of() : dispatcher.shards(execution);
            if (!endsTransaction(plan)
                    && (shards.size() == 1 ? leases.failedWithout(shards.getFirst()) : leases.failed())) {
                throw new PandoException(PandoError.IN_FAILED_TRANSACTION);
            }
            if (shards.size() == 1) {
                pass(statement, bind, shards.getFirst());
            } else {
                portals.put(bind.portal(), new Portal(statement, bind, null));
                announceLocally(statement);
                answer('2');
                session.resume();
            }
        } catch (PandoException | Refusal refusal) {
            // Parse has its own answer, whatever becomes of Bind.
            announce(() -> fail(failure(refusal)));
        }
    }

    /** What routing reads must be there. PostgreSQL itself checks the rest. */
    private static void checkParameters(ClientStatement statement, FrontendMessage.Bind bind) {
        int given = bind.parameters().size();
        int needed = statement.planned().parameters();
        if (given < needed) {
            throw refusal(
                    "08P01",
                    "bind message supplies " + given + " parameters, but prepared statement \"" + statement.name()
                            + "\" requires " + needed);
        }
        int formats = bind.parameterFormats().length;
        if (formats > 1 && formats != given) {
            throw refusal("08P01", "bind message has " + formats + " parameter formats but " + given + " parameters");
        }
    }

    private void pass(ClientStatement statement, FrontendMessage.Bind bind, ShardId shard) {
        pipelineOn(shard, to -> {
            send(to, statement);
            to.bind(bind, statement.serverName());
            portals.put(bind.portal(), new Portal(statement, bind, shard));
            session.resume();
        });
    }

    void describe(FrontendMessage.Describe describe) {
        step(() -> {
            if (describe.kind() == 'S') {
                describeStatement(describe.name());
            } else {
                announce(() -> describePortal(describe.name()));
            }
        });
    }

    private void describeStatement(String name) {
        ClientStatement statement = statements.get(name);
        if (statement == null) {
            announce(() -> fail(new Failure(
                    ErrorFields.of("ERROR", "26000", "prepared statement \"" + name + "\" does not exist"))));
        } else if (Dispatcher.own(statement.planned().plan())) {
            announceLocally(statement);
            int parameters = statement.planned().parameters();
            ByteBuf out = port.allocator().buffer(64);
            int[] types = new int[parameters];
            java.util.Arrays.fill(types, 25);
            BackendMessages.parameterDescription(out, types);
            ownColumns(statement.planned().plan(), out);
            answer(out);
            session.resume();
        } else {
            pipelineToLook(anyShard(statement), to -> {
                send(to, statement);
                to.describe('S', statement.serverName());
                session.resume();
            });
        }
    }

    private void describePortal(String name) {
        Portal portal = portals.get(name);
        if (portal == null) {
            fail(new Failure(ErrorFields.of("ERROR", "34000", "portal \"" + name + "\" does not exist")));
            return;
        }
        ClientStatement statement = portal.statement();
        if (portal.shard() != null) {
            pipelineOn(portal.shard(), to -> {
                to.describe('P', name);
                session.resume();
            });
        } else if (Dispatcher.own(statement.planned().plan())) {
            ByteBuf out = port.allocator().buffer(64);
            ownColumns(statement.planned().plan(), out);
            answer(out);
            session.resume();
        } else {
            pipelineToLook(anyShard(statement), to -> {
                to.ensure(statement, () -> putBack(statement, null));
                to.describeAsPortal(statement, portal.bind().resultFormats());
                session.resume();
            });
        }
    }

    private void ownColumns(Plan plan, ByteBuf out) {
        switch (plan.command()) {
            case Command.PandoCall call -> BackendMessages.textColumns(out, port.callColumns(call.function()));
            case Command.ExplainPando explain -> BackendMessages.textColumns(out, List.of("QUERY PLAN"));
            default -> BackendMessages.bare(out, 'n');
        }
    }

    void execute(FrontendMessage.Execute execute) {
        step(() -> announce(() -> {
            Portal portal = portals.get(execute.portal());
            if (portal == null) {
                String message = "portal \"" + execute.portal() + "\" does not exist";
                fail(new Failure(ErrorFields.of("ERROR", "34000", message)));
            } else if (portal.shard() != null) {
                executeThere(portal, portal.shard(), execute);
            } else if (execute.maxRows() > 0
                    && !Dispatcher.own(portal.statement().planned().plan())) {
                fail(Failure.of(new PandoException(PandoError.PORTAL_ROWS, "a row limit of Execute")));
            } else {
                closePipeline(() -> executeHere(portal));
            }
        }));
    }

    private void executeThere(Portal portal, ShardId shard, FrontendMessage.Execute execute) {
        Plan plan = portal.statement().planned().plan();
        pipelineOn(shard, to -> {
            Runnable completed = () -> session.executed(plan);
            to.execute(execute.portal(), execute.maxRows(), plan, completed);
            if (Session.changesSettings(plan)) {
                closePipeline(
                        () -> session.settingsAfter(plan, portal.statement().sql(), session::resume, this::fail));
            } else {
                session.resume();
            }
        });
    }

    private void executeHere(Portal portal) {
        Dispatcher.Execution execution = execution(portal.statement(), portal.bind());
        Operation.Outcome outcome = new Operation.Outcome() {
            @Override
            public void takesData() {
                session.pump();
            }

            @Override
            public void done() {
                session.current(null);
                session.executed(execution.plan());
                Runnable settled = () -> {
                    leases.settle();
                    session.resume();
                };
                if (Session.changesSettings(execution.plan())) {
                    session.settingsAfter(execution.plan(), execution.sql(), settled, ExtendedProtocol.this::fail);
                } else {
                    settled.run();
                }
            }

            @Override
            public void failed(Failure failure) {
                session.current(null);
                fail(failure);
            }
        };
        try {
            if (Dispatcher.own(execution.plan())) {
                dispatcher.runOwn(execution, outcome);
            } else {
                dispatcher.runAcross(execution, dispatcher.shards(execution), outcome);
            }
        } catch (PandoException refusal) {
            outcome.failed(Failure.of(refusal));
        }
    }

    void close(FrontendMessage.Close close) {
        step(() -> announce(() -> {
            Portal portal = close.kind() == 'P' ? portals.remove(close.name()) : null;
            ClientStatement closed = close.kind() == 'S' ? statements.remove(close.name()) : null;
            Pipeline open = pipeline;
            if (portal != null && portal.shard() != null) {
                pipelineOn(portal.shard(), to -> {
                    to.closePortal(close.name());
                    session.resume();
                });
            } else if (open != null) {
                ByteBuf out = port.allocator().buffer(5);
                BackendMessages.bare(out, '3');
                open.own(out, () -> {
                    if (closed != null) {
                        statements.put(close.name(), closed);
                    }
                });
                session.resume();
            } else {
                replier.bare('3');
                session.resume();
            }
        }));
    }

    void flush() {
        step(() -> announce(() -> {
            if (pipeline != null) {
                pipeline.flush();
            }
            port.flushClient();
            session.resume();
        }));
    }

    void sync() {
        session.busy();
        if (pipeline != null && pipeline.copying()) {
            session.syncIgnored();
        } else if (skipping) {
            forgetUnannounced();
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
        boolean undo = skipping && !open.failed() && open.wrote() && leases.mode() == Leases.Mode.NONE;
        if (undo) {
            open.undo();
        }
        open.sync(() -> {
            pipeline = null;
            if (open.failed() && !skipping) {
                skipping = true;
            }
            afterSync(skipping);
        });
    }

    private void afterSync(boolean failed) {
        skipping = false;
        if (leases.mode() == Leases.Mode.NONE || leases.mode() == Leases.Mode.IMPLICIT) {
            portals.clear();
        }
        if (leases.mode() == Leases.Mode.IMPLICIT && failed) {
            dispatcher.transactions().rollbackAll(session::readyForQuery);
        } else if (leases.mode() == Leases.Mode.IMPLICIT) {
            dispatcher.transactions().commitAll(problem -> {
                ErrorFields error = problem == null ? null : problem.error();
                if (error != null) {
                    replier.error(error);
                }
                session.readyForQuery();
            });
        } else {
            if (failed && leases.mode() == Leases.Mode.EXPLICIT) {
                leases.fail();
            }
            session.readyForQuery();
        }
    }

    /** A transaction ended: its portals are gone. */
    void forgetPortals() {
        portals.clear();
    }

    /** DISCARD ALL or DEALLOCATE ALL. */
    void forgetStatements() {
        statements.clear();
        portals.clear();
    }

    /** Releases what is held for a client that is gone. */
    void abandon() {
        forgetStatements();
        if (pipeline != null) {
            pipeline.abandon();
        }
    }

    private void step(Runnable action) {
        session.busy();
        try {
            action.run();
        } catch (PandoException refusal) {
            fail(Failure.of(refusal));
        }
    }

    /** Sends a Parse kept back to a server, which checks it; then goes on. */
    private void announce(Runnable then) {
        ClientStatement statement = unannounced;
        if (statement == null) {
            then.run();
        } else if (Dispatcher.own(statement.planned().plan())) {
            announceLocally(statement);
            then.run();
        } else {
            pipelineToLook(anyShard(statement), to -> {
                send(to, statement);
                then.run();
            });
        }
    }

    private void announceLocally(ClientStatement statement) {
        if (statement == unannounced) {
            ByteBuf out = port.allocator().buffer(5);
            BackendMessages.bare(out, '1');
            answer(out, takeUnannounced());
        }
    }

    /** Hands a statement to the pipeline; the client hears of it when its Parse has not been answered yet. */
    private void send(Pipeline to, ClientStatement statement) {
        if (statement == unannounced) {
            to.parse(statement, takeUnannounced());
        } else {
            to.ensure(statement, () -> putBack(statement, null));
        }
    }

    /** It is announced now; returns how to undo that. */
    private Runnable takeUnannounced() {
        ClientStatement taken = unannounced;
        ClientStatement before = replaced;
        unannounced = null;
        replaced = null;
        return () -> putBack(taken, before);
    }

    private void putBack(@Nullable ClientStatement taken, @Nullable ClientStatement before) {
        if (taken != null && statements.get(taken.name()) == taken) {
            statements.remove(taken.name());
            if (before != null) {
                statements.put(before.name(), before);
            }
        }
    }

    /** A Parse that is not answered because an error came before it. */
    private void forgetUnannounced() {
        takeUnannounced().run();
    }

    private ShardId anyShard(ClientStatement statement) {
        Pipeline open = pipeline;
        if (open != null) {
            return open.link().shard();
        }
        ShardId preferred = leases.preferred();
        return preferred != null ? preferred : statement.planned().validationShard(port.anyShard());
    }

    private void answer(char type) {
        ByteBuf out = port.allocator().buffer(5);
        BackendMessages.bare(out, type);
        answer(out);
    }

    private void answer(ByteBuf messages) {
        answer(messages, () -> {});
    }

    private void answer(ByteBuf messages, Runnable undo) {
        if (pipeline != null) {
            pipeline.own(messages, undo);
        } else {
            port.toClient(messages);
        }
    }

    /** Hands over the open pipeline to that shard, ending one to another shard first. */
    private void pipelineOn(ShardId shard, Consumer<Pipeline> then) {
        pipelineOn(shard, true, then);
    }

    /** Before a transaction's first shard is known, a look at a statement must not be what decides it. */
    private void pipelineToLook(ShardId shard, Consumer<Pipeline> then) {
        pipelineOn(
                shard, leases.mode() != Leases.Mode.EXPLICIT || !leases.joined().isEmpty(), then);
    }

    private void pipelineOn(ShardId shard, boolean join, Consumer<Pipeline> then) {
        Pipeline open = pipeline;
        if (open != null && open.link().shard().equals(shard) && (!join || open.joined(leases.mode()))) {
            if (!open.failed()) {
                then.accept(open);
            } else {
                session.resume();
            }
            return;
        }
        closePipeline(() -> leases.with(
                shard,
                join,
                link -> {
                    Leases.Participant participant = leases.on(shard);
                    if (participant == null) {
                        throw new PandoException(PandoError.BUG, "leased " + shard + " is not held");
                    }
                    Pipeline fresh = new Pipeline(port, participant, this);
                    pipeline = fresh;
                    then.accept(fresh);
                },
                this::fail));
    }

    /**
     * Waits for the replies in flight and ends the pipeline. What it wrote outside a transaction block becomes a transaction that stays
     * open, since up to Sync everything is one.
     */
    private void closePipeline(Runnable then) {
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
            if (leases.mode() == Leases.Mode.NONE
                    && (open.undoable() || holdsPortals(open.link().shard()))) {
                leases.begin(Leases.Mode.IMPLICIT, "BEGIN", null);
                open.keepTransaction();
            }
            open.sync(() -> {
                pipeline = null;
                leases.settle();
                then.run();
            });
        });
    }

    /** Portals that the client may still execute live as long as the transaction. */
    private boolean holdsPortals(ShardId shard) {
        return portals.entrySet().stream()
                .anyMatch(entry -> !entry.getKey().isEmpty()
                        && shard.equals(entry.getValue().shard()));
    }

    /** A failure that no server has told the client of. Replies in flight come first. */
    private void fail(Failure failure) {
        Pipeline open = pipeline;
        if (open != null) {
            open.drain(() -> failed(failure));
        } else {
            failed(failure);
        }
    }

    private void failed(Failure failure) {
        tell(failure);
        session.resume();
    }

    private void tell(Failure failure) {
        ErrorFields error = failure.error();
        if (error != null && !skipping) {
            replier.error(error);
        }
        if (leases.mode() == Leases.Mode.EXPLICIT) {
            leases.fail();
        }
        failed();
    }

    @Override
    public void failed() {
        skipping = true;
        forgetUnannounced();
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
            Leases.Participant participant = leases.on(open.link().shard());
            if (participant != null) {
                leases.lose(participant, "");
            }
        }
        tell(failure);
        if (session.awaitsSync()) {
            afterSync(true);
        } else if (awaited) {
            session.resume();
        }
    }

    private static boolean endsTransaction(Plan plan) {
        return switch (plan.command()) {
            case Command.Commit c -> true;
            case Command.Rollback r -> true;
            case Command.RollbackTo r -> true;
            default -> false;
        };
    }

    private Dispatcher.Execution execution(ClientStatement statement, FrontendMessage.Bind bind) {
        return new Dispatcher.Execution(
                statement.planned(), statement.sql(), statement.parameterTypes(), bind, () -> putBack(statement, null));
    }

    private static Refusal refusal(String sqlState, String message) {
        return new Refusal(ErrorFields.of("ERROR", sqlState, message));
    }

    private static Failure failure(RuntimeException refusal) {
        return refusal instanceof PandoException ours ? Failure.of(ours) : new Failure(((Refusal) refusal).error);
    }

    /** An error worded as PostgreSQL's own. */
    private static final class Refusal extends RuntimeException {
        private final transient ErrorFields error;

        Refusal(ErrorFields error) {
            super(error.message(), null, false, false);
            this.error = error;
        }
    }

    int preparedStatements() {
        return statements.size();
    }
}
