package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.link.ServerLink;
import dev.pando.core.merge.Merger;
import dev.pando.core.route.Across;
import dev.pando.core.route.Command;
import dev.pando.core.route.CursorCommands;
import dev.pando.core.route.Planned;
import dev.pando.core.topology.ShardId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cursors of SQL. They are portals, as on PostgreSQL: one name means one thing, whether DECLARE or Bind has made it. One whose query
 * concerns a single shard lives on that shard's server, and is remembered here so that FETCH finds it; one over several shards is a
 * {@link CursorRows}. A cursor that a function has opened is on one of the transaction's shards ({@link Whereabouts}).
 */
final class Cursors {
    private static final short[] BINARY = {1};
    private static final short[] TEXT = {};

    private final Session session;
    private final SessionPort port;
    private final Leases leases;
    private final Replier replier;
    private final Dispatcher dispatcher;
    private final Limits limits;
    private int declared;

    Cursors(Session session, SessionPort port, Leases leases, Replier replier, Dispatcher dispatcher, Limits limits) {
        this.session = session;
        this.port = port;
        this.leases = leases;
        this.replier = replier;
        this.dispatcher = dispatcher;
        this.limits = limits;
    }

    private Prepared prepared() {
        return session.extended().prepared();
    }

    /** The shards of a cursor; {@code otherwise} when it is not known. Of one that only Pando has, all. */
    List<ShardId> places(String name, ShardId otherwise) {
        Portal portal = prepared().portal(name);
        if (portal == null) {
            return List.of(otherwise);
        }
        ShardId shard = portal.shard();
        return shard == null ? List.of() : List.of(shard);
    }

    /** Where a DECLARE goes: not to a server that could not know that the name is taken. */
    List<ShardId> declaring(String name, List<ShardId> shards) {
        Portal portal = prepared().portal(name);
        if (portal == null) {
            prepared().admit();
        }
        boolean there =
                portal == null || (shards.size() == 1 && shards.getFirst().equals(portal.shard()));
        return there ? shards : List.of();
    }

    /** What a FETCH of several shards answers with; null when it is another statement, or the cursor is none of several shards. */
    @Nullable
    ClientStatement fetched(Command command) {
        Portal portal = command instanceof Command.Fetch fetch ? prepared().portal(fetch.name()) : null;
        return portal != null && portal.rows() instanceof CursorRows ? portal.statement() : null;
    }

    /** Where there may be cursors. */
    Collection<Participant> candidates() {
        return leases.mode() == TransactionState.Mode.NONE ? leases.participants() : leases.joined();
    }

    /** Code has opened it. */
    void opened(String name, Planned planned, ShardId shard) {
        prepared().admit();
        prepared().open(portal(name, planned.sql(), planned, new int[0], shard));
    }

    /** The statement has been sent to, or has succeeded on, its only shard. */
    void passed(Execution execution, ShardId shard) {
        Command command = execution.plan().command();
        if (command instanceof Command.Declare declare && prepared().portal(declare.name()) == null) {
            Portal portal = portal(declare.name(), execution, shard);
            prepared().open(declare.held() ? portal.held() : portal);
        } else if (command instanceof Command.CloseCursor close) {
            prepared().forgetPortal(close.name());
        }
    }

    private Portal portal(String name, Execution execution, @Nullable ShardId shard) {
        byte[] sql = execution.sql();
        byte[] query = Arrays.copyOfRange(sql, CursorCommands.queryAt(sql), sql.length);
        return portal(name, query, execution.planned(), execution.types().declared(), shard);
    }

    private Portal portal(String name, byte[] query, Planned planned, int[] types, @Nullable ShardId shard) {
        ClientStatement.Birth birth = new ClientStatement.Birth(
                new ClientStatement.Origin(port.epoch(), session.searchPath().current()),
                session.aftermath().schema(port.epoch()));
        ClientStatement statement =
                new ClientStatement(new FrontendMessage.Parse("", query, types), planned, birth, session.settings());
        FrontendMessage.Bind bind = new FrontendMessage.Bind(name, "", TEXT, List.of(), TEXT);
        return new Portal(statement, bind, shard, leases.transaction().savepointSerial());
    }

    /** A statement about a cursor that is not on one shard. */
    void run(Command.OfCursor command, Execution execution, List<ShardId> shards, Operation.Outcome outcome) {
        try {
            switch (command) {
                case Command.Declare declare -> declare(declare, execution, shards, outcome);
                case Command.Fetch fetch -> fetch(fetch, execution, outcome);
                case Command.CloseCursor close -> {
                    prepared().closePortal(close.name());
                    replier.complete("CLOSE CURSOR");
                    outcome.done();
                }
                case Command.WriteAt write ->
                    throw new PandoException(
                            PandoError.CROSS_SHARD_SHAPE, "WHERE CURRENT OF a cursor over several shards");
            }
        } catch (Refusal refusal) {
            outcome.failed(refusal.failure());
        }
    }

    private void declare(
            Command.Declare declare, Execution execution, List<ShardId> shards, Operation.Outcome outcome) {
        if (leases.mode() == TransactionState.Mode.NONE && !declare.held()) {
            throw new Refusal("25P01", "DECLARE CURSOR can only be used in transaction blocks");
        }
        if (prepared().portal(declare.name()) != null) {
            throw new Refusal("42P03", "cursor \"" + declare.name() + "\" already exists");
        }
        if (declare.name().isEmpty()) {
            throw new Refusal("34000", "invalid cursor name: must not be empty");
        }
        if (!(execution.plan().across() instanceof Across.Merge merge)) {
            throw new PandoException(
                    PandoError.BUG,
                    "a cursor over several shards: " + execution.plan().across());
        }
        FrontendMessage.Bind bind = execution.bind();
        if (bind != null) {
            leases.numbering().check(shards, bind, execution.types());
        }
        Routing.Bounds bounds = dispatcher.bounds(execution, merge.spec());
        bounds.requirePositive();
        dispatcher.ensureTransaction();
        long room = limits.mergeBytes() - prepared().heldBytes();
        Merger merger = bounds.merger(merge.spec(), shards.size(), room);
        String server = "pando_cursor_" + ++declared;
        Portal portal = portal(declare.name(), execution, null);
        byte[] query = portal.statement().sql();
        byte[] own = merge.shardSql() == null ? query : merge.shardSql().getBytes(StandardCharsets.UTF_8);
        String prefix = "DECLARE " + server + " NO SCROLL CURSOR " + (declare.held() ? "WITH HOLD " : "") + "FOR ";
        ShardRequest request = new ShardRequest.Extended(
                leases.numbering(),
                concat(prefix.getBytes(StandardCharsets.UTF_8), own),
                execution.types(),
                bind == null
                        ? new FrontendMessage.Bind("", "", TEXT, List.of(), TEXT)
                        : new FrontendMessage.Bind("", "", bind.parameterFormats(), bind.parameters(), TEXT),
                0,
                () -> {},
                false);
        String words = new String(execution.sql(), 0, execution.sql().length - query.length, StandardCharsets.UTF_8);
        int before = words.codePointCount(0, words.length());
        leases.withAll(
                shards,
                links -> {
                    DeclareOnAll operation = new DeclareOnAll(
                            port,
                            replier,
                            request,
                            prefix.length() - before,
                            () -> open(
                                    declare,
                                    portal,
                                    new CursorRows.Source(
                                            declare.name(),
                                            server,
                                            List.copyOf(links),
                                            merger,
                                            merge.spec().grouping() != null,
                                            merge.spec().hidden(),
                                            bounds.offset())),
                            closing(merger, outcome));
                    session.current(operation);
                    operation.start(links);
                },
                closing(merger, outcome)::failed);
    }

    /** A merger that comes to nothing is closed. */
    private static Operation.Outcome closing(Merger merger, Operation.Outcome outcome) {
        return new Operation.Outcome() {
            @Override
            public void takesData() {
                outcome.takesData();
            }

            @Override
            public void done() {
                outcome.done();
            }

            @Override
            public void failed(Failure failure) {
                merger.close();
                outcome.failed(failure);
            }
        };
    }

    private void open(Command.Declare declare, Portal portal, CursorRows.Source source) {
        portal.spend(leases.transaction().savepointSerial());
        portal.rows(new CursorRows(session, replier, source));
        prepared().open(declare.held() ? portal.held() : portal);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private void fetch(Command.Fetch fetch, Execution execution, Operation.Outcome outcome) {
        Portal portal = prepared().portal(fetch.name());
        if (portal == null || !(portal.rows() instanceof CursorRows rows)) {
            throw new PandoException(PandoError.CROSS_SHARD_SHAPE, "FETCH from a portal that Bind has made");
        }
        FrontendMessage.Bind bind = execution.bind();
        boolean binary =
                portal.statement().planned().plan().command() instanceof Command.Declare declare && declare.binary();
        short[] formats = bind != null ? bind.resultFormats() : binary ? BINARY : TEXT;
        long room = limits.mergeBytes() - prepared().heldBytes() + rows.heldBytes();
        CursorRows.Wanted wanted = new CursorRows.Wanted(fetch, formats, execution.window(), execution.simple());
        List<ShardId> shards = rows.links().stream().map(ServerLink::shard).toList();
        leases.withAll(
                shards,
                links -> {
                    if (!links.equals(rows.links())) {
                        prepared().forgetPortal(fetch.name());
                        outcome.failed(new Failure(
                                ErrorFields.of("ERROR", "34000", "cursor \"" + fetch.name() + "\" does not exist")));
                        return;
                    }
                    try {
                        rows.run(wanted, room, outcome);
                    } catch (Refusal refusal) {
                        outcome.failed(refusal.failure());
                    } catch (PandoException refusal) {
                        outcome.failed(Failure.of(refusal));
                    }
                },
                outcome::failed);
    }

    /** CLOSE ALL. */
    void closeAll(Operation.Outcome outcome) {
        if (leases.failed()) {
            outcome.failed(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
            return;
        }
        prepared().forgetAllPortals();
        Runnable closed = () -> {
            replier.complete("CLOSE CURSOR ALL");
            outcome.done();
        };
        new Round(leases).ask(candidates(), "CLOSE ALL", (participant, result) -> {}, closed, outcome::failed);
    }
}
