package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.ParameterTypes;
import dev.pando.core.link.Requests;
import dev.pando.core.route.Command;
import dev.pando.core.route.Plan;
import dev.pando.core.route.Planned;
import dev.pando.core.route.Planner;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The simple query protocol. A query string with several statements is one implicit transaction unless it says otherwise itself; its
 * statements run one after the other, each planned when its turn comes, because the one before may have changed the schema.
 */
final class SimpleProtocol {
    /** Of a function given by its OID. */
    private static final Plan CALL = Planner.functionCall();

    private static final byte[] NONE = {};

    private final Session session;
    private final SessionPort port;
    private final Leases leases;
    private final Replier replier;
    private final Dispatcher dispatcher;
    private final Deque<byte[]> remaining = new ArrayDeque<>(1);
    /** The implicit transaction, if there is one, goes on after this query. */
    private boolean withinBatch;

    /** Of the query string that has come, and of the statement that runs; there is one of each at a time, so their steps are made once. */
    private byte[] text = NONE;

    private @Nullable Execution running;
    private final Interruption.Query query = this::query;
    private final Consumer<Planned> start = this::start;
    private final Consumer<Planned> run = this::run;
    private final Consumer<ErrorFields> unplanned = this::unplanned;
    private final Consumer<Failure> failed = this::failed;
    private final Runnable goOn = this::goOn;
    private final Operation.Outcome ended = new Ended();
    private Operation.Outcome passing = ended;
    private final Runnable located = this::attempt;
    private final Consumer<Participant> leased = this::send;

    SimpleProtocol(Session session, SessionPort port, Leases leases, Replier replier, Dispatcher dispatcher) {
        this.session = session;
        this.port = port;
        this.leases = leases;
        this.replier = replier;
        this.dispatcher = dispatcher;
    }

    /** Runs a query string. */
    void query(byte[] sql) {
        text = sql;
        session.extended().interrupt(query);
    }

    /**
     * Its turn has come.
     *
     * @param joins it came before the Sync of a batch whose implicit transaction it joins: a single statement leaves that open up to
     *     Sync, several commit it, as PostgreSQL has it
     */
    private void query(boolean joins) {
        withinBatch = joins;
        session.planned(text, start, unplanned);
    }

    /** A query string that cannot be read. */
    void refuse(PandoException malformed, boolean joins) {
        withinBatch = joins;
        failed(Failure.of(malformed));
    }

    /** Runs a function by its OID, as home numbers it and therefore at home, if a SELECT of it could run there. */
    void functionCall(byte[] request, boolean joins) {
        withinBatch = joins;
        FunctionCalls calls = new FunctionCalls(session, leases);
        calls.plan(
                request,
                plan -> {
                    Operation.Outcome outcome = new Operation.Outcome() {
                        @Override
                        public void takesData() {
                            throw new PandoException(
                                    PandoError.BACKEND_PROTOCOL, ShardId.HOME, "a function call that takes data");
                        }

                        @Override
                        public void done() {
                            session.current(null);
                            session.aftermath().executed(plan);
                            finish();
                        }

                        @Override
                        public void failed(Failure failure) {
                            SimpleProtocol.this.failed(failure);
                        }
                    };
                    dispatcher
                            .serverStatements()
                            .on(
                                    ShardId.HOME,
                                    CALL.traces(),
                                    home -> pass(
                                            home,
                                            CALL,
                                            port.allocator()
                                                    .buffer(request.length)
                                                    .writeBytes(request),
                                            outcome),
                                    failed);
                },
                failed);
    }

    private void start(Planned planned) {
        remaining.clear();
        if (planned.pieces().size() <= 1) {
            run(planned);
            return;
        }
        withinBatch = false;
        planned.pieces().forEach(piece -> remaining.add(Arrays.copyOfRange(planned.sql(), piece.start(), piece.end())));
        if (leases.mode() == TransactionState.Mode.NONE) {
            leases.transaction().begin(TransactionState.Mode.IMPLICIT, "BEGIN", null);
        }
        nextPiece();
    }

    private void nextPiece() {
        byte[] sql = remaining.pollFirst();
        if (sql == null) {
            finish();
        } else {
            session.planned(sql, run, unplanned);
        }
    }

    private void run(Planned planned) {
        replier.sendHeld();
        replier.hold(leases.mode() == TransactionState.Mode.IMPLICIT);
        port.watch().begun(planned);
        running = new Execution(planned, planned.sql(), ParameterTypes.NONE, null, dispatcher.everything(), () -> {});
        dispatcher.whereabouts().locate(planned, located, failed);
    }

    private Execution running() {
        return Objects.requireNonNull(running);
    }

    /** How the statement that runs ends. */
    private final class Ended implements Operation.Outcome {
        @Override
        public void takesData() {
            session.pump();
        }

        @Override
        public void done() {
            Execution execution = running();
            session.aftermath().executed(execution.plan());
            session.current(null);
            session.aftermath().settingsAfter(execution, goOn, failed);
        }

        @Override
        public void failed(Failure failure) {
            SimpleProtocol.this.failed(failure);
        }
    }

    private void attempt() {
        try {
            dispatch(running(), ended);
        } catch (PandoException refusal) {
            failed(Failure.of(refusal));
        }
    }

    private void dispatch(Execution execution, Operation.Outcome outcome) {
        Plan plan = execution.plan();
        if (plan.command() instanceof Command.Own own) {
            dispatcher.runOwn(own, execution, outcome);
            return;
        }
        List<ShardId> shards = dispatcher.shards(execution);
        if (shards.size() != 1) {
            replier.hold(true);
            dispatcher.runAcross(execution, shards, outcome);
        } else if (leases.failedWithout(shards.getFirst())) {
            ErrorFields complaint = execution.planned().complaint();
            outcome.failed(
                    complaint == null
                            ? Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION))
                            : new Failure(complaint));
        } else {
            Participant.requireMemory(leases.on(shards.getFirst()), plan);
            ShardId shard = shards.getFirst();
            pass(shard, plan, plan.command() instanceof Command.OfCursor ? noting(execution, shard, outcome) : outcome);
        }
    }

    /** A cursor may have come or gone there. */
    private Operation.Outcome noting(Execution execution, ShardId shard, Operation.Outcome outcome) {
        return new Operation.Outcome() {
            @Override
            public void takesData() {
                outcome.takesData();
            }

            @Override
            public void done() {
                dispatcher.cursors().passed(execution, shard);
                outcome.done();
            }

            @Override
            public void failed(Failure failure) {
                outcome.failed(failure);
            }
        };
    }

    /** The statement that runs goes to one server. */
    private void pass(ShardId shard, Plan plan, Operation.Outcome outcome) {
        passing = outcome;
        dispatcher.serverStatements().beginningOn(shard, plan.traces(), leased, failed);
    }

    private void send(Participant participant) {
        Execution execution = running();
        pass(participant, execution.plan(), Requests.query(port.allocator(), execution.sql()), passing);
    }

    private void pass(Participant participant, Plan plan, ByteBuf request, Operation.Outcome outcome) {
        boolean writes = plan.command().writes();
        participant.wrote |= writes && participant.begun;
        participant.suspect(plan.traces());
        boolean inDoubt = writes && leases.mode() == TransactionState.Mode.NONE;
        SimplePass pass = new SimplePass(port, session.reading(), leases.numbering(), replier, inDoubt, outcome);
        session.current(pass);
        pass.start(participant, request);
    }

    private void goOn() {
        if (leases.mode() == TransactionState.Mode.NONE) {
            leases.settle();
            if (!remaining.isEmpty()) {
                // COMMIT within the string: what follows is an implicit transaction of its own.
                leases.transaction().begin(TransactionState.Mode.IMPLICIT, "BEGIN", null);
            }
        }
        if (remaining.isEmpty()) {
            finish();
        } else {
            nextPiece();
        }
    }

    private void finish() {
        if (leases.mode() == TransactionState.Mode.IMPLICIT && !withinBatch) {
            dispatcher.transactions().commitAll(problem -> {
                if (problem == null) {
                    replier.sendHeld();
                } else {
                    port.watch().failed();
                    replier.dropHeld();
                    tell(problem);
                }
                ready();
            });
        } else {
            replier.sendHeld();
            ready();
        }
    }

    /** The rest of the string is not run; what the implicit transaction did is undone. */
    private void failed(Failure failure) {
        port.watch().failed();
        session.current(null);
        remaining.clear();
        tell(failure);
        if (leases.mode() == TransactionState.Mode.IMPLICIT) {
            dispatcher.transactions().rollbackAll(this::ready);
            return;
        }
        if (leases.mode() == TransactionState.Mode.EXPLICIT) {
            leases.transaction().fail();
        }
        ready();
    }

    /** Nothing of it is kept for a client that rests. */
    void rests() {
        text = NONE;
        running = null;
        passing = ended;
    }

    private void unplanned(ErrorFields error) {
        failed(new Failure(error));
    }

    private void tell(Failure failure) {
        replier.sendHeld();
        ErrorFields error = failure.error();
        if (error != null) {
            replier.error(error);
        }
    }

    private void ready() {
        replier.hold(false);
        session.readyForQuery();
    }
}
