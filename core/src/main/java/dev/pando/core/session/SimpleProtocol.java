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
import java.util.function.Supplier;

/**
 * The simple query protocol. A query string with several statements is one implicit transaction unless it says otherwise itself; its
 * statements run one after the other, each planned when its turn comes, because the one before may have changed the schema.
 */
final class SimpleProtocol {
    /** Of a function given by its OID. */
    private static final Plan CALL = Planner.functionCall();

    private final Session session;
    private final SessionPort port;
    private final Leases leases;
    private final Replier replier;
    private final Dispatcher dispatcher;
    private final Deque<byte[]> remaining = new ArrayDeque<>(1);
    /** The implicit transaction, if there is one, goes on after this query. */
    private boolean withinBatch;

    SimpleProtocol(Session session, SessionPort port, Leases leases, Replier replier, Dispatcher dispatcher) {
        this.session = session;
        this.port = port;
        this.leases = leases;
        this.replier = replier;
        this.dispatcher = dispatcher;
    }

    /**
     * Runs a query string.
     *
     * @param joins it came before the Sync of a batch whose implicit transaction it joins: a single statement leaves that open up to
     *     Sync, several commit it, as PostgreSQL has it
     */
    void query(byte[] sql, boolean joins) {
        withinBatch = joins;
        session.planned(sql, planned -> start(planned), error -> failed(new Failure(error)));
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
                    pass(
                            ShardId.HOME,
                            CALL,
                            () -> port.allocator().buffer(request.length).writeBytes(request),
                            outcome);
                },
                this::failed);
    }

    private void start(Planned planned) {
        remaining.clear();
        if (planned.pieces().size() <= 1) {
            run(planned);
            return;
        }
        withinBatch = false;
        planned.pieces().forEach(piece -> remaining.add(Arrays.copyOfRange(planned.sql(), piece.start(), piece.end())));
        if (leases.mode() == Leases.Mode.NONE) {
            leases.begin(Leases.Mode.IMPLICIT, "BEGIN", null);
        }
        nextPiece();
    }

    private void nextPiece() {
        byte[] sql = remaining.pollFirst();
        if (sql == null) {
            finish();
        } else {
            session.planned(sql, this::run, error -> failed(new Failure(error)));
        }
    }

    private void run(Planned planned) {
        replier.sendHeld();
        replier.hold(leases.mode() == Leases.Mode.IMPLICIT);
        port.watch().begun(planned);
        Execution execution =
                new Execution(planned, planned.sql(), ParameterTypes.NONE, null, dispatcher.everything(), () -> {});
        Operation.Outcome outcome = new Operation.Outcome() {
            @Override
            public void takesData() {
                session.pump();
            }

            @Override
            public void done() {
                session.aftermath().executed(planned.plan());
                afterStatement(execution);
            }

            @Override
            public void failed(Failure failure) {
                SimpleProtocol.this.failed(failure);
            }
        };
        dispatcher.whereabouts().locate(planned, () -> attempt(execution, outcome), outcome::failed);
    }

    private void attempt(Execution execution, Operation.Outcome outcome) {
        try {
            dispatch(execution, outcome);
        } catch (PandoException refusal) {
            outcome.failed(Failure.of(refusal));
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
            pass(
                    shard,
                    plan,
                    () -> Requests.query(port.allocator(), execution.sql()),
                    plan.command() instanceof Command.OfCursor ? noting(execution, shard, outcome) : outcome);
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

    private void pass(ShardId shard, Plan plan, Supplier<ByteBuf> request, Operation.Outcome outcome) {
        boolean writes = plan.command().writes();
        dispatcher
                .serverStatements()
                .on(
                        shard,
                        plan.traces(),
                        participant -> {
                            participant.wrote |= writes && participant.begun;
                            participant.suspect(plan.traces());
                            boolean inDoubt = writes && leases.mode() == Leases.Mode.NONE;
                            SimplePass pass = new SimplePass(
                                    port, session.reading(), leases.numbering(), replier, inDoubt, outcome);
                            session.current(pass);
                            pass.start(participant.link, request.get());
                        },
                        outcome::failed);
    }

    private void afterStatement(Execution execution) {
        session.current(null);
        session.aftermath().settingsAfter(execution, this::goOn, this::failed);
    }

    private void goOn() {
        if (leases.mode() == Leases.Mode.NONE) {
            leases.settle();
            if (!remaining.isEmpty()) {
                // COMMIT within the string: what follows is an implicit transaction of its own.
                leases.begin(Leases.Mode.IMPLICIT, "BEGIN", null);
            }
        }
        if (remaining.isEmpty()) {
            finish();
        } else {
            nextPiece();
        }
    }

    private void finish() {
        if (leases.mode() == Leases.Mode.IMPLICIT && !withinBatch) {
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
        if (leases.mode() == Leases.Mode.IMPLICIT) {
            dispatcher.transactions().rollbackAll(this::ready);
            return;
        }
        if (leases.mode() == Leases.Mode.EXPLICIT) {
            leases.fail();
        }
        ready();
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
