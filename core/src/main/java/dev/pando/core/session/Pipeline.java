package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.link.Numbering;
import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.Requests;
import dev.pando.core.link.RowNumbers;
import dev.pando.core.link.ServerLink;
import dev.pando.core.route.Command;
import dev.pando.core.route.Plan;
import dev.pando.core.route.Traces;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of extended-protocol messages on one server, up to Sync. Messages go through as they come; for each one an {@link Expected} says
 * which reply ends it and whether the client sees that reply, so that Pando's own Parse and Close stay invisible and its own answers come
 * in the right place.
 */
final class Pipeline implements ReplyHandler {
    private static void nothing() {}

    private final SessionPort port;
    private final Numbering numbering;
    private final Participant participant;
    private final Listener listener;
    private final ArrayDeque<Expected> expected = new ArrayDeque<>(5);
    private @Nullable Runnable drained;
    private @Nullable Runnable synced;
    private boolean failed;
    private boolean wrote;
    private boolean changesSettings;
    private final CopyPassage copy;
    /** BEGIN was sent before all else, and has not been answered. */
    private boolean opening;
    /** What was sent behind all else. */
    private @Nullable TransactionEnd end;

    /** What the session must hear of. */
    interface Listener {
        /** The client has been told of an error; the server ignores everything up to Sync. */
        void failed();

        /** {@code awaited}: the session waits for this pipeline, to be drained or synced. */
        void lost(Failure failure, boolean awaited);

        /** The server will not answer the Sync sent, because it found it where COPY data is due. */
        void syncIgnored();
    }

    Pipeline(SessionPort port, ClientReading reading, Numbering numbering, Participant participant, Listener listener) {
        this.port = port;
        this.copy = new CopyPassage(reading);
        this.numbering = numbering;
        this.participant = participant;
        this.listener = listener;
        participant.link.open(this);
        String begin = participant.opening();
        if (begin != null) {
            opening = true;
            control(begin);
            expected.add(new Expected.Executed(null, 0, () -> opening = false));
        }
    }

    ServerLink link() {
        return participant.link;
    }

    boolean wrote() {
        return wrote;
    }

    /** Whether statements run within the session's transaction here. */
    boolean joined(TransactionState.Mode mode) {
        return mode == TransactionState.Mode.NONE || participant.begun;
    }

    /** Whether what ran so far would be undone by an error that follows. */
    boolean undoable() {
        return wrote || changesSettings;
    }

    boolean failed() {
        return failed;
    }

    /** COPY FROM STDIN, if there is one. */
    CopyPassage copy() {
        return copy;
    }

    /** Makes sure the server holds the statement; {@code undo} forgets it when the client's Parse fails or is skipped. */
    void parse(ClientStatement statement, Runnable undo) {
        parse(statement, true, undo);
    }

    /** Makes sure the server holds the statement, unknown to the client; {@code unparsed} runs when the server refuses it. */
    void ensure(ClientStatement statement, Runnable unparsed) {
        parse(statement, false, unparsed);
    }

    private void parse(ClientStatement statement, boolean visible, Runnable undo) {
        ServerLink link = link();
        boolean known = statement.unnamedThere() ? link.unnamed() == statement : link.knows(statement.serverName());
        if (known) {
            if (visible) {
                own('1', undo);
            }
            return;
        }
        int[] types = numbering.toShard(link.shard(), statement.parameterTypes());
        ByteBuf out = port.allocator().buffer(64 + statement.sql().length);
        if (statement.unnamedThere()) {
            link.unnamed(statement);
        } else {
            String eldest = link.remember(statement.serverName());
            if (eldest != null) {
                Requests.close(out, 'S', eldest);
                expected.add(new Expected.Closed(eldest, false));
            }
        }
        Requests.parse(out, statement.serverName(), statement.sql(), types);
        expected.add(new Expected.Parsed(statement.serverName(), visible, undo));
        link.wire().write(out);
    }

    void bind(FrontendMessage.Bind bind, ClientStatement statement) {
        List<byte @Nullable []> values = numbering.toShard(link().shard(), bind, statement.valueTypes());
        ByteBuf out = port.allocator().buffer(128);
        FrontendCodec.encode(
                new FrontendMessage.Bind(
                        bind.portal(), statement.serverName(), bind.parameterFormats(), values, bind.resultFormats()),
                out);
        expected.add(new Expected.Bound(true));
        if (bind.portal().isEmpty()) {
            link().bindsClientsPortal();
        }
        link().wire().write(out);
    }

    /** A Bind that the server will refuse, in its own words. */
    void bind(FrontendMessage.BrokenBind broken, ClientStatement statement) {
        ByteBuf out = port.allocator().buffer(64 + broken.rest().length);
        FrontendCodec.encode(
                new FrontendMessage.BrokenBind(broken.portal(), statement.serverName(), broken.rest(), broken.error()),
                out);
        expected.add(new Expected.Bound(true));
        link().wire().write(out);
        // A server tells of an error at once.
        link().wire().flush();
    }

    /** Describes the statement, or a portal of it. */
    void describe(char kind, String name, ClientStatement statement) {
        describe(kind, name, new Expected.Described(statement, null, true));
    }

    /** Finds out the statement's columns, unknown to the client. */
    void describeQuietly(ClientStatement statement) {
        describe('S', statement.serverName(), new Expected.Described(statement, null, false));
    }

    private void describe(char kind, String name, Expected.Described due) {
        ByteBuf out = port.allocator().buffer(16 + name.length());
        Requests.describe(out, kind, name);
        expected.add(due);
        link().wire().write(out);
    }

    /** Describes a statement to answer a Describe of a portal that exists only at Pando. */
    void describeAsPortal(ClientStatement statement, short[] resultFormats) {
        describe('S', statement.serverName(), new Expected.Described(statement, resultFormats, true));
    }

    void execute(Portal portal, int maxRows, Runnable completed) {
        ClientStatement statement = portal.statement();
        Plan plan = statement.planned().plan();
        short[] formats = portal.bind().resultFormats();
        String name = portal.bind().portal();
        if (statement.columns() == null && numbering.mayChangeRows(link().shard(), formats)) {
            describe('P', name, new Expected.Described(statement, null, false));
        }
        boolean writes = plan.command().writes();
        wrote |= writes;
        changesSettings |= plan.command().changesSettings();
        copy.executes(plan.command() instanceof Command.CopyIn);
        participant.wrote |= writes && participant.begun;
        ByteBuf out = port.allocator().buffer(16 + name.length());
        Requests.execute(out, name, maxRows);
        expected.add(new Expected.Executed(
                new Expected.Rows(numbering, link().shard(), statement, formats), maxRows, completed));
        port.watch().begunOn(link().shard(), statement.planned());
        link().wire().write(out);
    }

    /** What runs next may leave something on the connection. */
    void suspect(Traces traces) {
        participant.suspect(traces);
    }

    void closePortal(String name) {
        ByteBuf out = port.allocator().buffer(16 + name.length());
        Requests.close(out, 'P', name);
        expected.add(new Expected.Closed(name, true));
        link().wire().write(out);
    }

    /** Puts an answer of Pando's own in line. */
    void own(ByteBuf messages, Runnable undo) {
        if (expected.isEmpty()) {
            port.toClient(messages);
        } else {
            expected.add(new Expected.Own(messages, undo));
        }
    }

    private void own(char type, Runnable undo) {
        Expected.Own answer = Expected.own(type, port.allocator().buffer(5), undo);
        own(answer.messages(), answer.undo());
    }

    /** Runs a statement that the client must not notice, within the open implicit transaction. */
    private void inject(String sql) {
        ByteBuf out = port.allocator().buffer(64);
        link().unnamed(null);
        Requests.own(out, sql);
        expected.add(new Expected.Parsed("", false, Pipeline::nothing));
        expected.add(new Expected.Bound(false));
        expected.add(new Expected.Executed(null, 0, () -> {}));
        expected.add(new Expected.PortalClosed());
        link().wire().write(out);
    }

    /** COMMIT, ROLLBACK, or BEGIN. Its Execute is for the caller to expect. */
    private void control(String sql) {
        ByteBuf out = port.allocator().buffer(64);
        link().unnamed(null);
        Requests.control(out, sql);
        expected.add(new Expected.Parsed("", false, Pipeline::nothing));
        expected.add(new Expected.Bound(false));
        link().wire().write(out);
    }

    /** Ends the transaction. Nothing is to be sent behind it but {@link #sync}. */
    void end(TransactionEnd with) {
        end = with;
        control(with.sql());
        expected.add(new Expected.Ended(with));
    }

    /** Null while the transaction goes on. */
    @Nullable
    TransactionEnd end() {
        return end;
    }

    Participant participant() {
        return participant;
    }

    /** The statements run so far become a transaction that stays open beyond Sync. */
    void keepTransaction() {
        inject("BEGIN");
        participant.begins();
        participant.wrote |= wrote;
    }

    /** Undoes what ran since the last Sync. */
    void undo() {
        inject("ROLLBACK");
    }

    /** Asks for all outstanding replies without ending the transaction. */
    void flush() {
        ByteBuf out = port.allocator().buffer(5);
        Requests.bare(out, 'H');
        link().wire().write(out);
        link().wire().flush();
    }

    /** Runs {@code then} once every reply is there. */
    void drain(Runnable then) {
        if (expected.isEmpty() || failed) {
            then.run();
        } else {
            drained = then;
            flush();
        }
    }

    /** Ends the run; {@code then} runs when the server is ready. */
    void sync(Runnable then) {
        synced = then;
        copy.syncs();
        ByteBuf out = port.allocator().buffer(5);
        Requests.bare(out, 'S');
        link().wire().write(out);
        link().wire().flush();
    }

    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {
        switch (type) {
            case '1', '2', '3' -> confirmed(type, frame);
            case 'n', 'T' -> described(type, frame);
            case 't' -> {
                if (expected.peekFirst() instanceof Expected.Described due) {
                    due.note(type, frame, "", frame);
                    if (due.visible() && due.formats() == null) {
                        port.forward(frame);
                    }
                }
            }
            case 'C', 'I', 's' -> executed(frame);
            case 'E' -> error(frame);
            case 'D' -> {
                if (expected.peekFirst() instanceof Expected.Executed due && due.rows() != null) {
                    row(due.rows(), frame);
                }
            }
            case 'N' -> {
                if (!(expected.peekFirst() instanceof Expected.Executed due) || due.visible()) {
                    forward(frame);
                }
            }
            case 'G' -> copyOpened(frame);
            default -> forward(frame);
        }
    }

    @Override
    public boolean passes(byte type) {
        return type == 'd'
                || (type == 'D'
                        && expected.peekFirst() instanceof Expected.Executed due
                        && due.rows() != null
                        && due.rows().numbers() == null);
    }

    private void row(Expected.Rows rows, ByteBuf frame) {
        RowNumbers numbers = rows.numbers();
        if (numbers != null) {
            numbers.toHome(frame);
        }
        forward(frame);
    }

    private void copyOpened(ByteBuf frame) {
        boolean syncBeforeData = copy.opened();
        port.forward(frame);
        port.flushClient();
        if (synced != null && syncBeforeData) {
            synced = null;
            listener.syncIgnored();
        }
    }

    private void forward(ByteBuf frame) {
        port.forward(frame);
        if (!port.clientWritable()) {
            link().wire().reading(false);
        }
    }

    private void confirmed(byte type, ByteBuf frame) {
        Expected due = expected.pollFirst();
        boolean visible = switch (due) {
            case Expected.Parsed parsed when type == '1' -> parsed.visible();
            case Expected.Bound bound when type == '2' -> bound.visible();
            case Expected.Closed closed when type == '3' -> closed.visible();
            case Expected.PortalClosed closed when type == '3' -> false;
            case null, default -> throw unexpected(type);
        };
        if (visible) {
            port.forward(frame);
        }
        ownTurn();
    }

    private void described(byte type, ByteBuf frame) {
        if (!(expected.pollFirst() instanceof Expected.Described due)) {
            throw unexpected(type);
        }
        ByteBuf out = port.allocator().buffer(frame.readableBytes());
        ByteBuf instead = due.note(type, frame, port.shardName(link().shard()), out);
        if (instead != null) {
            port.toClient(instead);
        } else {
            out.release();
            if (due.visible()) {
                port.forward(frame);
            }
        }
        ownTurn();
    }

    private void executed(ByteBuf frame) {
        switch (expected.pollFirst()) {
            case Expected.Executed due -> {
                if (due.visible()) {
                    port.watch().rows(due.count(frame));
                    port.forward(frame);
                }
                copy.completed();
                due.completed().run();
            }
            case Expected.Ended due -> {
                due.end().completed(frame);
                port.forward(frame);
            }
            case null, default -> throw unexpected(frame.getByte(frame.readerIndex()));
        }
        ownTurn();
    }

    private void error(ByteBuf frame) {
        copy.failed();
        if (expected.peekFirst() instanceof Expected.Parsed(String name, boolean visible, Runnable undo) && !visible) {
            undo.run();
        }
        undoSkipped();
        failed = true;
        port.forward(frame);
        listener.failed();
        afterReply();
    }

    /** The server skips everything up to Sync: what was to be parsed is not, and Pando's own answers in line are not due either. */
    private void undoSkipped() {
        while (!expected.isEmpty()) {
            expected.removeLast().skipped(link());
        }
    }

    /** The client is gone. */
    void abandon() {
        expected.forEach(due -> {
            if (due instanceof Expected.Own own) {
                own.messages().release();
            }
        });
        expected.clear();
    }

    private void ownTurn() {
        while (expected.peekFirst() instanceof Expected.Own(ByteBuf messages, Runnable undo)) {
            expected.pollFirst();
            port.toClient(messages);
        }
        afterReply();
    }

    private void afterReply() {
        Runnable then = drained;
        if (then != null && (expected.isEmpty() || failed)) {
            drained = null;
            then.run();
        }
    }

    private PandoException unexpected(byte type) {
        return new PandoException(
                PandoError.BACKEND_PROTOCOL, port.shardName(link().shard()), "reply '" + (char) type + "' out of turn");
    }

    @Override
    public void ready(ServerLink link) {
        link.wire().reading(true);
        copy.over();
        if (opening) {
            participant.refused();
        } else if (end != null) {
            end.ready(link.status());
        }
        Runnable then = synced;
        synced = null;
        if (then == null) {
            throw unexpected((byte) 'Z');
        }
        then.run();
    }

    @Override
    public void lost(ServerLink link, String reason) {
        boolean inDoubt = wrote && !participant.begun && !failed;
        if (end != null && (end.told() || !failed)) {
            inDoubt = end.lost(port, participant.wrote, expected.size());
        }
        boolean awaited = drained != null || synced != null;
        undoSkipped();
        copy.over();
        listener.lost(Failure.of(Losses.duringStatement(port, link, reason, inDoubt)), awaited);
    }
}
