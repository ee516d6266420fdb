package dev.pando.core.session;

import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.link.Replies;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection of a model server: PostgreSQL's protocol as its manual and sources have it, over {@link ModelSession}. */
final class ModelBackend {
    /** Lets a sleeping statement go on later; the reference run goes on at once. */
    interface Sleep {
        void after(long micros, Runnable then);
    }

    /** The process that notifies. */
    private static final int SENDER = 7;

    private record Prepared(ModelSql.Parsed sql, List<@Nullable String> reading) {}

    private final ModelDatabase database;
    private final ModelSession session;
    private final Sleep sleep;
    private final Consumer<byte[]> out;
    private final Frames frames = new Frames();
    private final ArrayDeque<byte[]> inbox = new ArrayDeque<>();
    private final ByteBuf answers = Unpooled.buffer();
    private final Map<String, Prepared> statements = new HashMap<>();
    private final Map<String, ModelPortal> portals = new HashMap<>();
    private final ArrayDeque<ModelSql.Parsed> rest = new ArrayDeque<>();
    private @Nullable ModelCopy copy;
    private boolean several;
    private boolean handling;
    private boolean skipping;
    private boolean sleeping;
    private boolean cancelled;
    private int nap;
    private boolean ended;
    private boolean dead;

    ModelBackend(ModelDatabase database, Sleep sleep, Consumer<byte[]> out) {
        this.database = database;
        this.session = new ModelSession(database);
        session.channels().onHeard(this::notified);
        this.sleep = sleep;
        this.out = out;
    }

    ModelSession session() {
        return session;
    }

    Set<String> preparedNames() {
        return ModelPortal.named(statements.keySet());
    }

    Set<String> openPortals() {
        return ModelPortal.named(portals.keySet());
    }

    /** Nothing half done: between two requests. */
    boolean quiet() {
        return inbox.isEmpty() && !sleeping && !answers.isReadable() && copy == null && !skipping;
    }

    boolean dead() {
        return dead;
    }

    void receive(byte[] bytes) {
        if (!dead) {
            inbox.addAll(frames.add(bytes));
            work();
        }
    }

    /** The peer hung up; what it had sent is still done. */
    void end() {
        ended = true;
        work();
    }

    /** The server process dies. */
    void die() {
        if (!dead) {
            dead = true;
            session.gone();
        }
    }

    void cancel() {
        if (sleeping && !dead) {
            cancelled = true;
            wake(nap);
        }
    }

    /** Between transactions a client is told at once. */
    private void notified() {
        if (!dead && !handling && quiet() && session.state() == ModelSession.State.NONE) {
            tell();
            send();
        }
    }

    private void tell() {
        for (ModelChannels.Note note : session.channels().take()) {
            BackendMessages.notification(answers, SENDER, note.channel(), note.payload());
        }
    }

    private void work() {
        while (!dead && !sleeping && !inbox.isEmpty()) {
            byte[] frame = inbox.removeFirst();
            if (napBefore(frame)) {
                inbox.addFirst(frame);
                sleeping = true;
                int this1 = ++nap;
                sleep.after(3_000, () -> wake(this1));
                return;
            }
            handling = true;
            handle(frame);
            handling = false;
        }
        if (ended && !sleeping) {
            die();
        }
    }

    private boolean rested;

    private boolean napBefore(byte[] frame) {
        if (rested) {
            rested = false;
            return false;
        }
        if (frame[0] == 'Q') {
            return Frames.text(frame).contains("pg_sleep");
        }
        if (frame[0] != 'E' || skipping) {
            return false;
        }
        ModelPortal portal = portals.get(((FrontendMessage.Execute) Frames.message(frame)).portal());
        return portal != null
                && portal.sql.kind() == ModelSql.Kind.SLEEP
                && session.state() != ModelSession.State.FAILED;
    }

    private void wake(int which) {
        if (sleeping && nap == which && !dead) {
            sleeping = false;
            rested = true;
            work();
        }
    }

    private void handle(byte[] frame) {
        byte type = frame[0];
        ModelCopy copying = copy;
        if (copying != null) {
            copyMessage(copying, type, frame);
            return;
        }
        if (type == 'd' || type == 'c' || type == 'f') {
            return;
        }
        if (type == 'X') {
            ended = true;
            inbox.clear();
            return;
        }
        if (skipping && type != 'S') {
            return;
        }
        try {
            switch (Frames.message(frame)) {
                case FrontendMessage.Query query -> query(new String(query.sql(), StandardCharsets.UTF_8));
                case FrontendMessage.Parse parse -> parse(parse);
                case FrontendMessage.Bind bind -> bind(bind);
                case FrontendMessage.Describe describe -> describe(describe);
                case FrontendMessage.Execute execute -> execute(execute);
                case FrontendMessage.Close close -> {
                    if (close.kind() == 'S') {
                        statements.remove(close.name());
                    } else {
                        portals.remove(close.name());
                    }
                    BackendMessages.bare(answers, '3');
                }
                case FrontendMessage.Flush flush -> send();
                case FrontendMessage.Sync sync -> {
                    skipping = false;
                    session.endImplicit();
                    ready();
                }
                case FrontendMessage.FunctionCall call -> {
                    answers.writeByte('V').writeInt(8).writeInt(-1);
                    ready();
                }
                default -> throw new AssertionError("message " + (char) type);
            }
        } catch (SqlError error) {
            error(error);
            skipping = true;
        }
    }

    private void send() {
        if (answers.isReadable()) {
            byte[] bytes = ByteBufUtil.getBytes(answers);
            answers.clear();
            out.accept(bytes);
        }
    }

    private void ready() {
        if (session.state() == ModelSession.State.NONE) {
            portals.clear();
            tell();
        }
        BackendMessages.readyForQuery(answers, (byte) session.status());
        send();
    }

    private void error(SqlError error) {
        session.failed();
        if (session.state() == ModelSession.State.NONE) {
            portals.clear();
        }
        ErrorFields.of("ERROR", error.state(), error.text()).encode('E', answers);
        // PostgreSQL flushes after each ErrorResponse.
        send();
    }

    private void query(String text) {
        database.heard().add(text);
        statements.remove("");
        portals.remove("");
        rest.clear();
        for (String sql : text.split(";", -1)) {
            if (!sql.isBlank()) {
                rest.add(ModelSql.parse(sql));
            }
        }
        if (rest.isEmpty()) {
            BackendMessages.bare(answers, 'I');
        }
        several = rest.size() > 1;
        if (rest.stream().anyMatch(sql -> sql.kind() == ModelSql.Kind.SYNTAX)) {
            rest.clear();
            error(new SqlError("42601", "syntax error"));
        }
        goOn();
    }

    /** The statements of a query string that are left. */
    private void goOn() {
        try {
            while (!rest.isEmpty() && copy == null) {
                simple(rest.removeFirst());
            }
        } catch (SqlError error) {
            rest.clear();
            error(error);
        }
        if (copy == null) {
            session.endQuery(several);
            ready();
        }
    }

    private void simple(ModelSql.Parsed sql) {
        session.refuseIfFailed(sql);
        session.ensureTransaction();
        if (sql.kind() == ModelSql.Kind.COPY_IN) {
            copyIn(sql, false);
        } else if (sql.kind() == ModelSql.Kind.COPY_OUT) {
            copyOut(sql);
        } else {
            ModelSession.Answer answer = run(sql, List.of());
            if (answer.rows() != null) {
                sql.description(database.shape()).encode(answers);
                answer.rows().forEach(row -> BackendMessages.textRow(answers, row));
            }
            BackendMessages.commandComplete(answers, answer.tag());
        }
    }

    private ModelSession.Answer run(ModelSql.Parsed sql, List<@Nullable String> parameters) {
        if (sql.kind() == ModelSql.Kind.SLEEP && cancelled) {
            cancelled = false;
            throw new SqlError("57014", "canceling statement due to user request");
        }
        ModelSession.Answer answer = session.run(sql, parameters);
        if (answer.warning() != null) {
            ErrorFields.of("WARNING", answer.warning(), "warning").encode('N', answers);
        }
        if (sql.kind() == ModelSql.Kind.ROLLBACK_TO) {
            portals.values().removeIf(portal -> portal.born >= session.undoneFrom());
        }
        if (sql.kind() == ModelSql.Kind.DISCARD) {
            statements.clear();
            portals.clear();
        }
        return answer;
    }

    private void copyIn(ModelSql.Parsed sql, boolean extended) {
        copy = new ModelCopy(sql, extended);
        copyResponse('G');
        send();
    }

    private void copyResponse(char type) {
        answers.writeByte(type).writeInt(11).writeByte(0).writeShort(2).writeInt(0);
    }

    private void copyOut(ModelSql.Parsed sql) {
        copyResponse('H');
        List<List<String>> rows = session.all(sql.group(1));
        rows.forEach(row -> ModelCopy.line(answers, row));
        BackendMessages.bare(answers, 'c');
        BackendMessages.commandComplete(answers, "COPY " + rows.size());
    }

    private void copyMessage(ModelCopy copying, byte type, byte[] frame) {
        try {
            switch (type) {
                case 'd' -> copying.take(session, frame);
                case 'c' -> {
                    copying.finish(session);
                    copy = null;
                    BackendMessages.commandComplete(answers, "COPY " + copying.rows);
                    if (copying.extended) {
                        session.executed(copying.sql);
                    } else {
                        goOn();
                    }
                }
                case 'f' -> throw new SqlError("57014", "COPY from stdin failed");
                case 'S', 'H' -> {
                    // ignored, as the manual says
                }
                case 'X' -> {
                    ended = true;
                    inbox.clear();
                }
                default -> throw new AssertionError("message " + (char) type + " during COPY");
            }
        } catch (SqlError error) {
            copy = null;
            error(error);
            rest.clear();
            if (copying.extended) {
                skipping = true;
            } else {
                ready();
            }
        }
    }

    private void parse(FrontendMessage.Parse parse) {
        ModelSql.Parsed sql = ModelSql.parse(new String(parse.sql(), StandardCharsets.UTF_8));
        if (sql.kind() == ModelSql.Kind.SYNTAX) {
            throw new SqlError("42601", "syntax error");
        }
        session.refuseIfFailed(sql);
        if (sql.kind() == ModelSql.Kind.NO_COLUMN) {
            throw new SqlError("42703", "column \"nope\" does not exist");
        }
        if (!parse.statement().isEmpty() && statements.containsKey(parse.statement())) {
            throw new SqlError("42P05", "prepared statement \"" + parse.statement() + "\" already exists");
        }
        session.ensureTransaction();
        List<@Nullable String> reading = sql.kind() == ModelSql.Kind.MOMENT ? List.of(session.moment(sql)) : List.of();
        statements.put(parse.statement(), new Prepared(sql, reading));
        BackendMessages.bare(answers, '1');
    }

    private Prepared statement(String name) {
        Prepared found = statements.get(name);
        if (found == null) {
            throw new SqlError("26000", "prepared statement \"" + name + "\" does not exist");
        }
        return found;
    }

    private ModelPortal portal(String name) {
        ModelPortal found = portals.get(name);
        if (found == null) {
            throw new SqlError("34000", "portal \"" + name + "\" does not exist");
        }
        return found;
    }

    private void bind(FrontendMessage.Bind bind) {
        Prepared prepared = statement(bind.statement());
        ModelSql.Parsed sql = prepared.sql();
        session.refuseIfFailed(sql);
        int[] types = sql.parameterTypes();
        if (bind.parameters().size() != types.length) {
            throw new SqlError("08P01", "bind message supplies another number of parameters");
        }
        if (!bind.portal().isEmpty() && portals.containsKey(bind.portal())) {
            throw new SqlError("42P03", "cursor \"" + bind.portal() + "\" already exists");
        }
        List<@Nullable String> values = new ArrayList<>(prepared.reading());
        for (int i = 0; i < types.length; i++) {
            byte[] value = bind.parameters().get(i);
            boolean number = value != null && bind.parameterFormat(i) == 1 && types[i] == 20;
            values.add(
                    value == null
                            ? null
                            : number
                                    ? Long.toString(
                                            Unpooled.wrappedBuffer(value).readLong())
                                    : new String(value, StandardCharsets.UTF_8));
            if (types[i] == 20 && values.get(i) != null) {
                ModelSql.number(String.valueOf(values.get(i)));
            }
        }
        session.ensureTransaction();
        database.bound(bind.portal(), sql.sql());
        portals.put(bind.portal(), new ModelPortal(sql, values, session.savepointsSet()));
        BackendMessages.bare(answers, '2');
    }

    private void describe(FrontendMessage.Describe describe) {
        boolean named = describe.kind() == 'S';
        ModelSql.Parsed sql = named ? statement(describe.name()).sql() : portal(describe.name()).sql;
        if (session.state() == ModelSession.State.FAILED && !sql.columns().isEmpty()) {
            throw new SqlError("25P02", "current transaction is aborted");
        }
        if (named) {
            BackendMessages.parameterDescription(answers, sql.parameterTypes());
        }
        if (sql.columns().isEmpty()) {
            BackendMessages.bare(answers, 'n');
        } else {
            sql.description(database.shape()).encode(answers);
        }
    }

    private void execute(FrontendMessage.Execute execute) {
        ModelPortal portal = portal(execute.portal());
        session.refuseIfFailed(portal.sql);
        session.ensureTransaction();
        if (portal.sql.kind() == ModelSql.Kind.COPY_IN) {
            copyIn(portal.sql, true);
            return;
        }
        if (portal.sql.kind() == ModelSql.Kind.COPY_OUT) {
            session.executed(portal.sql);
            copyOut(portal.sql);
            return;
        }
        if (portal.tag.isEmpty()) {
            ModelSession.Answer answer = run(portal.sql, portal.parameters);
            portal.tag = answer.tag();
            portal.rows = answer.rows() == null ? null : new ArrayList<>(answer.rows());
        } else if (portal.rows == null) {
            throw new SqlError("55000", "portal \"" + execute.portal() + "\" cannot be run");
        }
        session.executed(portal.sql);
        fetch(portal, execute.maxRows());
        if (session.state() == ModelSession.State.NONE) {
            portals.clear();
        }
    }

    private void fetch(ModelPortal portal, int maxRows) {
        List<List<String>> rows = portal.rows;
        if (rows == null) {
            BackendMessages.commandComplete(answers, portal.tag);
            return;
        }
        int count = maxRows > 0 ? Math.min(maxRows, rows.size()) : rows.size();
        rows.subList(0, count).forEach(row -> BackendMessages.textRow(answers, row));
        portal.rows = new ArrayList<>(rows.subList(count, rows.size()));
        if (maxRows > 0 && count == maxRows) {
            BackendMessages.bare(answers, 's');
        } else {
            BackendMessages.commandComplete(answers, Replies.withRows(portal.tag, count));
        }
    }
}
