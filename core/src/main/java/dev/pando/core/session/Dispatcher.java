package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.type.ScalarType;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.copy.CopySplitter;
import dev.pando.core.link.SharedStatements;
import dev.pando.core.merge.MergeSpec;
import dev.pando.core.merge.Merger;
import dev.pando.core.pool.PoolMode;
import dev.pando.core.route.Across;
import dev.pando.core.route.Command;
import dev.pando.core.route.Plan;
import dev.pando.core.route.Target;
import dev.pando.core.route.ValueSource;
import dev.pando.core.topology.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs one statement that is not simply passed to one shard: on several shards, or by Pando itself. Knows both protocols by {@link Form}. */
final class Dispatcher {
    private final SessionPort port;
    private final Leases leases;
    private final Replier replier;
    private final Transactions transactions;
    private final Limits limits;
    private final Session session;
    private final Routing routing;
    private final Channels channels;
    private final ServerStatements serverStatements;
    private final Cursors cursors;
    private final PreparedSql preparedSql;
    private final Whereabouts whereabouts;
    /** Of a statement whose rows all go out at once. */
    private final Execution.Window everything;

    private int portals;

    Dispatcher(Session session, SessionPort port, Leases leases, Replier replier, Limits limits) {
        this.session = session;
        this.port = port;
        this.leases = leases;
        this.replier = replier;
        this.limits = limits;
        this.everything = new Execution.Window(0, true, limits.mergeBytes(), rest -> {}, false);
        this.transactions = new Transactions(port, leases, session.listening(), replier);
        this.routing = new Routing(port.shardCount(), leases.numbering());
        this.serverStatements = new ServerStatements(session, port, leases);
        this.cursors = new Cursors(session, port, leases, replier, this, limits);
        this.preparedSql = new PreparedSql(session, port, leases, replier, this);
        this.whereabouts = new Whereabouts(session, leases, cursors, preparedSql, serverStatements);
        this.channels = new Channels(session.listening(), leases, replier, this::ensureTransaction);
    }

    /** Of a statement whose rows all go out at once. */
    Execution.Window everything() {
        return everything;
    }

    ServerStatements serverStatements() {
        return serverStatements;
    }

    Cursors cursors() {
        return cursors;
    }

    Whereabouts whereabouts() {
        return whereabouts;
    }

    Routing.Bounds bounds(Execution execution, MergeSpec spec) {
        return routing.bounds(execution, spec);
    }

    Transactions transactions() {
        return transactions;
    }

    /** The shards a statement concerns, in order. One: it is passed through. None: Pando answers itself. */
    List<ShardId> shards(Execution execution) {
        Plan plan = execution.plan();
        if (plan.command() instanceof Command.SetConfig setting) {
            routing.checkSetting(execution, setting, session.settings());
        }
        List<ShardId> found = place(execution);
        return plan.command() instanceof Command.Declare declare ? cursors.declaring(declare.name(), found) : found;
    }

    private List<ShardId> place(Execution execution) {
        return switch (execution.plan().target()) {
            case Target.One one -> List.of(one.shard());
            case Target.Any any -> List.of(anyShard());
            case Target.Current current ->
                execution.plan().command() instanceof Command.OfCursor cursor
                        ? cursors.places(cursor.name(), currentShard())
                        : List.of(currentShard());
            case Target.All all -> allShards();
            case Target.ByKey byKey -> {
                List<ShardId> found = routing.byKey(execution);
                yield found.isEmpty() ? List.of(anyShard()) : found;
            }
            case Target.Nowhere nowhere -> List.of();
        };
    }

    /** A value as text, null for SQL NULL. */
    @Nullable
    String text(Execution execution, ValueSource source, ScalarType inferred) {
        return routing.text(execution, source, inferred);
    }

    private ShardId anyShard() {
        ShardId preferred = leases.preferred();
        return preferred == null ? port.anyShard() : preferred;
    }

    private ShardId currentShard() {
        ShardId preferred = leases.preferred();
        return preferred == null ? ShardId.HOME : preferred;
    }

    private List<ShardId> allShards() {
        return IntStream.range(0, port.shardCount()).mapToObj(ShardId::new).toList();
    }

    /** Commands Pando runs itself. */
    void runOwn(Command.Own command, Execution execution, Operation.Outcome outcome) {
        byte[] sql = execution.sql();
        switch (command) {
            case Command.Begin begin
            when session.mode() == PoolMode.STATEMENT -> {
                String words = execution.planned().firstWords();
                outcome.failed(Failure.of(new PandoException(PandoError.STATEMENT_MODE, words)));
            }
            case Command.Begin begin -> {
                boolean start = execution.planned().firstWords().startsWith("START");
                transactions.begin(sql, begin.isolation(), start ? "START TRANSACTION" : "BEGIN", outcome);
            }
            case Command.Commit commit -> transactions.commit(commit.chain(), outcome);
            case Command.Rollback rollback -> transactions.rollback(rollback.chain(), outcome);
            case Command.PrepareTransaction prepare ->
                transactions.prepare(sql, execution.plan().across(), outcome);
            case Command.Savepoint s -> savepoint(Transactions.Savepoint.Kind.SET, s.name(), sql, outcome);
            case Command.Release r -> savepoint(Transactions.Savepoint.Kind.RELEASE, r.name(), sql, outcome);
            case Command.RollbackTo r -> savepoint(Transactions.Savepoint.Kind.ROLLBACK_TO, r.name(), sql, outcome);
            case Command.PandoCall call -> call(execution, call, outcome);
            case Command.ExplainPando explain -> explain(execution, explain, outcome);
            case Command.Discard discard -> discard(outcome);
            case Command.Listen listen -> channels.listen(execution, listen.channel(), outcome);
            case Command.Unlisten unlisten -> channels.unlisten(execution, unlisten.channel(), outcome);
            case Command.ListeningChannels asked -> channels.show(execution, asked, outcome);
            case Command.Deallocate deallocate -> preparedSql.deallocate(deallocate, outcome);
            case Command.CloseCursors all -> cursors.closeAll(outcome);
            case Command.Prepare prepare -> preparedSql.prepare(execution, prepare.name(), outcome);
            case Command.ExecutePrepared execute -> preparedSql.execute(execution, execute.name(), outcome);
            case Command.Empty empty -> {
                replier.bare('I');
                outcome.done();
            }
        }
    }

    /** A statement whose values came in the text of another. */
    void runBound(Execution execution, FrontendMessage.Bind bind, Operation.Outcome outcome) {
        port.watch().standsFor(execution.planned());
        Plan plan = execution.plan();
        if (plan.command() instanceof Command.Own own) {
            runOwn(own, execution, outcome);
            return;
        }
        List<ShardId> shards = shards(execution);
        if (shards.size() != 1) {
            replier.hold(execution.simple());
            runAcross(execution, shards, outcome);
            return;
        }
        ShardId shard = shards.getFirst();
        leases.numbering().check(shards, bind, execution.types());
        if (!execution.window().limited()) {
            runOn(shard, execution, outcome);
        } else if (plan.command().writes()) {
            write(execution, WriteSeveral.Answer.SUM, shards, outcome);
        } else {
            merge(execution, new Across.Merge(MergeSpec.CONCATENATE, null), shards, outcome);
        }
    }

    private void runOn(ShardId shard, Execution execution, Operation.Outcome outcome) {
        if (execution.plan().command().writes() && !execution.simple()) {
            ensureTransaction();
        }
        ShardRequest request = request(execution, execution.sql(), 0, "", 0);
        Plan plan = execution.plan();
        boolean writes = plan.command().writes();
        serverStatements.on(
                shard,
                plan.traces(),
                participant -> {
                    participant.wrote |= writes && participant.begun;
                    participant.suspect(plan.traces());
                    boolean inDoubt = writes && leases.mode() == TransactionState.Mode.NONE;
                    SimplePass pass =
                            new SimplePass(port, session.reading(), leases.numbering(), replier, inDoubt, outcome);
                    session.current(pass);
                    pass.start(participant.link, request);
                },
                outcome::failed);
    }

    /** What it does is done as for other settings, afterwards. */
    private void discard(Operation.Outcome outcome) {
        if (leases.mode() == TransactionState.Mode.NONE) {
            replier.complete("DISCARD ALL");
            outcome.done();
        } else if (leases.failed()) {
            outcome.failed(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
        } else {
            outcome.failed(
                    new Failure(ErrorFields.of("ERROR", "25001", "DISCARD ALL cannot run inside a transaction block")));
        }
    }

    private void savepoint(Transactions.Savepoint.Kind kind, String name, byte[] sql, Operation.Outcome outcome) {
        transactions.savepoint(new Transactions.Savepoint(kind, name), sql, outcome);
    }

    private void call(Execution execution, Command.PandoCall call, Operation.Outcome outcome) {
        if (leases.mode() == TransactionState.Mode.EXPLICIT) {
            outcome.failed(
                    Failure.of(new PandoException(PandoError.NOT_IN_TRANSACTION, "pando." + call.function() + "()")));
            return;
        }
        List<SessionPort.CallArgument> arguments = new ArrayList<>();
        for (Command.Argument argument : call.arguments()) {
            String value = routing.text(execution, argument.value(), ScalarType.TEXT);
            arguments.add(new SessionPort.CallArgument(argument.name(), value));
        }
        port.call(
                call.function(),
                arguments,
                answer -> {
                    answer.notices().forEach(text -> replier.notice(ErrorFields.of("NOTICE", "00000", text)));
                    if (execution.simple()) {
                        replier.textColumns(answer.columns());
                    }
                    answer.rows().forEach(replier::textRow);
                    replier.complete("SELECT " + answer.rows().size());
                    outcome.done();
                },
                error -> outcome.failed(new Failure(error)));
    }

    private void explain(Execution execution, Command.ExplainPando explain, Operation.Outcome outcome) {
        List<String> lines = routing.explain(execution, explain.plan());
        if (execution.simple()) {
            replier.textColumns(List.of("QUERY PLAN"));
        }
        lines.forEach(line -> replier.textRow(List.of(line)));
        replier.complete("EXPLAIN");
        outcome.done();
    }

    /** A statement on several shards. */
    void runAcross(Execution execution, List<ShardId> shards, Operation.Outcome outcome) {
        if (leases.failed()) {
            outcome.failed(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
            return;
        }
        if (leases.mode() == TransactionState.Mode.NONE
                && execution.planned().firstWords().startsWith("LOCK ")) {
            String message = "LOCK TABLE can only be used in transaction blocks";
            outcome.failed(new Failure(ErrorFields.of("ERROR", "25P01", message)));
            return;
        }
        if (execution.plan().command() instanceof Command.OfCursor cursor
                && !(execution.plan().across() instanceof Across.Refuse)) {
            cursors.run(cursor, execution, shards, outcome);
            return;
        }
        if (execution.bind() != null) {
            leases.numbering().check(shards, execution.bind(), execution.types());
        }
        switch (execution.plan().across()) {
            case Across.Merge merge -> merge(execution, merge, shards, outcome);
            case Across.Sum sum -> write(execution, WriteSeveral.Answer.SUM, shards, outcome);
            case Across.Everywhere everywhere -> {
                if (execution.plan().command() instanceof Command.CopyIn) {
                    copyIn(execution, null, shards, outcome);
                } else {
                    TemporaryRelations.ask(
                            leases,
                            everywhere.relations(),
                            () -> runOn(ShardId.HOME, execution, outcome),
                            () -> write(execution, WriteSeveral.Answer.FIRST, shards, outcome),
                            outcome);
                }
            }
            case Across.EverywhereAlone alone -> alone(execution, shards, outcome);
            case Across.SplitRows split -> split(execution, split, shards, outcome);
            case Across.SplitCopy copy -> {
                CopySplitter splitter = new CopySplitter(copy.copy(), port.allocator(), limits.rowBytes());
                copyIn(execution, splitter, shards, outcome);
            }
            case Across.ConcatCopy copy -> {
                CopyOut operation = new CopyOut(port, leases, replier, copy.copy(), execution.sql(), outcome);
                session.current(operation);
                operation.start(shards);
            }
            case Across.Refuse refuse ->
                outcome.failed(Failure.of(
                        new PandoException(refuse.error(), refuse.particulars().toArray())));
        }
    }

    private void merge(Execution execution, Across.Merge merge, List<ShardId> shards, Operation.Outcome outcome) {
        Routing.Bounds bounds = routing.bounds(execution, merge.spec());
        if (bounds.negative()) {
            refusedThere(execution, shards.getFirst(), outcome);
            return;
        }
        byte[] sql = merge.shardSql() == null
                ? execution.sql()
                : merge.shardSql().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Execution.Window window = execution.window();
        Merger merger = bounds.merger(merge.spec(), shards.size(), window.room());
        // Groups are known when all rows are there: such a portal has nothing left on servers.
        boolean pieces = window.limited() && merge.spec().grouping() == null;
        boolean goesOn = pieces && !window.last();
        if (goesOn) {
            ensureTransaction();
        }
        String portal = goesOn ? "pando_" + ++portals : "";
        long offset = bounds.offset();
        long needed =
                !pieces ? 0 : goesOn ? Math.min(Scatter.PIECE, window.maxRows() + offset) : window.maxRows() + offset;
        int piece = needed > Integer.MAX_VALUE ? 0 : (int) needed;
        Supply supply = new Supply.OfPortal(request(execution, sql, merge.spec().hidden(), portal, piece), portal);
        Scatter.Fetch fetch = new Scatter.Fetch(window.most(), window.last(), piece);
        Scatter scatter = new Scatter(port, replier, supply, leases, merger, fetch, outcome);
        window.rest().accept(scatter);
        session.current(scatter);
        leases.withAll(shards, scatter::start, refusal -> {
            merger.close();
            outcome.failed(refusal);
        });
    }

    /** A negative LIMIT or OFFSET: the error is PostgreSQL's own, for the client's own text. */
    private void refusedThere(Execution execution, ShardId shard, Operation.Outcome outcome) {
        Merger merger =
                new Merger(MergeSpec.CONCATENATE, 1, -1, 0, new dev.pando.core.merge.Limits(limits.mergeBytes()));
        Scatter asked = new Scatter(
                port,
                replier,
                new Supply.OfPortal(request(execution, execution.sql(), 0, "", 0), ""),
                leases,
                merger,
                Scatter.Fetch.ALL,
                outcome);
        session.current(asked);
        leases.withAll(List.of(shard), asked::start, refusal -> {
            merger.close();
            outcome.failed(refusal);
        });
    }

    private ShardRequest request(Execution execution, byte[] sql, int hiddenColumns, String portal, int maxRows) {
        FrontendMessage.Bind bind = execution.bind();
        if (bind == null) {
            return new ShardRequest.Simple(sql);
        }
        short[] formats = bind.resultFormats();
        if (formats.length > 1 && hiddenColumns > 0) {
            formats = java.util.Arrays.copyOf(formats, formats.length + hiddenColumns);
        }
        String name = execution.plan().traces().showsStatements()
                ? ""
                : SharedStatements.name(
                        sql,
                        execution.types().declared(),
                        port.epoch(),
                        session.searchPath().current(),
                        session.settings().readBy());
        FrontendMessage.Bind theirs =
                new FrontendMessage.Bind(portal, name, bind.parameterFormats(), bind.parameters(), formats);
        return new ShardRequest.Extended(
                leases.numbering(),
                sql,
                execution.types(),
                theirs,
                maxRows,
                execution.unparsed(),
                execution.window().describes());
    }

    private void write(
            Execution execution, WriteSeveral.Answer answer, List<ShardId> shards, Operation.Outcome outcome) {
        ensureTransaction();
        ShardRequest request = request(execution, execution.sql(), 0, "", 0);
        WriteSeveral write = new WriteSeveral(
                        port,
                        leases,
                        replier,
                        answer,
                        shard -> request,
                        execution.window().room(),
                        outcome)
                .window(execution.window());
        session.current(write);
        write.start(shards);
    }

    private void split(Execution execution, Across.SplitRows split, List<ShardId> shards, Operation.Outcome outcome) {
        ensureTransaction();
        SplitStatement parts = routing.split(execution, split);
        WriteSeveral.Answer answer = split.returning() ? WriteSeveral.Answer.IN_ORDER : WriteSeveral.Answer.SUM;
        WriteSeveral write = new WriteSeveral(
                        port,
                        leases,
                        replier,
                        answer,
                        parts::request,
                        execution.window().room(),
                        outcome)
                .rowOrder(parts.rowShards())
                .window(execution.window());
        session.current(write);
        write.start(shards);
    }

    /** Without a splitter all data goes to every shard. */
    private void copyIn(
            Execution execution, @Nullable CopySplitter splitter, List<ShardId> shards, Operation.Outcome outcome) {
        ensureTransaction();
        CopyIn operation = new CopyIn(port, session.reading(), leases, replier, splitter, execution.sql(), outcome);
        session.current(operation);
        leases.withAll(shards, operation::start, refusal -> {
            operation.abandon();
            outcome.failed(refusal);
        });
    }

    private void alone(Execution execution, List<ShardId> shards, Operation.Outcome outcome) {
        if (leases.mode() != TransactionState.Mode.NONE) {
            outcome.failed(EverywhereAlone.withinBlock(execution.planned()).failure());
            return;
        }
        EverywhereAlone operation = new EverywhereAlone(port, leases, replier, execution.sql(), outcome);
        session.current(operation);
        operation.start(shards);
    }

    /** What writes on several shards needs a transaction around it; at the end of the query or at Sync it is committed. */
    void ensureTransaction() {
        if (leases.mode() == TransactionState.Mode.NONE) {
            leases.transaction().begin(TransactionState.Mode.IMPLICIT, "BEGIN", null);
        }
    }
}
