package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.server.admin.AdminConsole;
import dev.pando.server.admin.AdminResult;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of the admin database: SHOW commands over the simple and the extended protocol. A command may have to ask servers, so it runs on
 * a thread of its own; meanwhile the client is not read.
 */
final class AdminSession {
    private final ClientConnection client;
    private final Endpoint endpoint;
    private final Map<String, String> statements = new HashMap<>();
    private final ArrayDeque<ByteBuf> inbox = new ArrayDeque<>();
    private String bound = "";
    private boolean skipping;
    private boolean busy;
    private @Nullable Thread working;
    private short[] formats = {};

    AdminSession(ClientConnection client, Endpoint endpoint) {
        this.client = client;
        this.endpoint = endpoint;
    }

    /** A whole message; the caller keeps its reference. What comes while a command runs waits. */
    void message(ByteBuf frame) {
        inbox.addLast(frame.retain());
        pump();
    }

    /** What a command waits for it waits for no longer. */
    void cancel() {
        if (working != null) {
            working.interrupt();
        }
    }

    void closed() {
        cancel();
        inbox.forEach(ByteBuf::release);
        inbox.clear();
    }

    private void pump() {
        while (!busy && !inbox.isEmpty()) {
            ByteBuf frame = inbox.removeFirst();
            try {
                handle(frame);
            } finally {
                frame.release();
            }
        }
    }

    private void handle(ByteBuf frame) {
        byte type = frame.readByte();
        frame.skipBytes(4);
        if (type == 'X') {
            client.close();
            return;
        }
        FrontendMessage message = FrontendCodec.decode(type, frame);
        if (skipping && !(message instanceof FrontendMessage.Sync)) {
            return;
        }
        switch (message) {
            case FrontendMessage.Query query -> {
                formats = new short[0];
                run(text(query.sql()), true, true);
            }
            case FrontendMessage.Parse parse -> {
                int most = endpoint.config().limits().maxPreparedStatements();
                if (statements.size() >= most && !statements.containsKey(parse.statement())) {
                    throw new PandoException(PandoError.TOO_MANY_STATEMENTS, statements.size(), most);
                }
                statements.put(parse.statement(), text(parse.sql()));
                bare('1');
            }
            case FrontendMessage.Bind bind -> {
                bound = statements.getOrDefault(bind.statement(), "");
                formats = bind.resultFormats();
                bare('2');
            }
            case FrontendMessage.BrokenBind broken -> throw broken.error();
            case FrontendMessage.Describe describe -> {
                if (describe.kind() == 'S') {
                    ByteBuf out = client.buffer();
                    BackendMessages.parameterDescription(out);
                    client.write(out);
                    bound = statements.getOrDefault(describe.name(), "");
                    formats = new short[0];
                }
                describe(bound);
            }
            case FrontendMessage.Execute execute -> run(bound, false, false);
            case FrontendMessage.Close close -> {
                statements.remove(close.name());
                bare('3');
            }
            case FrontendMessage.Sync sync -> {
                skipping = false;
                client.ready((byte) 'I');
            }
            case FrontendMessage.Flush flush -> client.flushClient();
            case FrontendMessage.CopyData d -> throw unfit(type);
            case FrontendMessage.CopyDone d -> throw unfit(type);
            case FrontendMessage.CopyFail f -> throw unfit(type);
            case FrontendMessage.FunctionCall c -> throw unfit(type);
            case FrontendMessage.Credentials c -> throw unfit(type);
            case FrontendMessage.Terminate t -> throw unfit(type);
        }
    }

    private void busy(boolean on) {
        busy = on;
        client.reading(!on);
    }

    private static PandoException unfit(byte type) {
        return new PandoException(PandoError.PROTOCOL_VIOLATION, "message '" + (char) type + "' in the admin database");
    }

    private static String text(byte[] sql) {
        return new String(sql, StandardCharsets.UTF_8);
    }

    private void describe(String sql) {
        busy(true);
        working = Thread.ofVirtual().name("pando-admin").start(() -> {
            Answer answer = answer(() -> console().describe(sql));
            client.servers().loop().execute(() -> {
                working = null;
                if (answer.error() != null) {
                    fail(answer.error());
                } else {
                    columns(answer);
                }
                client.flushClient();
                busy(false);
                pump();
            });
        });
    }

    private void run(String sql, boolean withColumns, boolean withReady) {
        busy(true);
        working = Thread.ofVirtual().name("pando-admin").start(() -> {
            Answer answer = answer(() -> console().execute(sql, client.login().user()));
            client.servers().loop().execute(() -> {
                working = null;
                send(answer, withColumns);
                if (withReady) {
                    skipping = false;
                    client.ready((byte) 'I');
                }
                client.flushClient();
                busy(false);
                pump();
            });
        });
    }

    /** Result or error, never both. */
    private record Answer(
            @Nullable AdminResult result, @Nullable ErrorFields error) {}

    private AdminConsole console() {
        return endpoint.console();
    }

    private Answer answer(Supplier<AdminResult> command) {
        try {
            return new Answer(command.get(), null);
        } catch (PandoException refusal) {
            return new Answer(null, ErrorFields.of(refusal, false));
        } catch (RuntimeException bug) {
            client.servers().unexpected(bug);
            PandoException told = PandoException.causedBy(bug, PandoError.BUG, String.valueOf(bug));
            return new Answer(null, ErrorFields.of(told, false));
        }
    }

    private void send(Answer answer, boolean withColumns) {
        AdminResult result = answer.result();
        if (result == null) {
            if (answer.error() != null) {
                fail(answer.error());
            }
            return;
        }
        // NoData answers Describe only: in a simple query drivers would take it for one.
        if (withColumns && !result.columns().isEmpty()) {
            columns(answer);
        }
        result.notices().forEach(notice -> client.notice(ErrorFields.of("NOTICE", "00000", notice)));
        result.rows().forEach(row -> {
            ByteBuf out = client.buffer();
            AdminRows.row(out, result, row, formats);
            client.write(out);
        });
        ByteBuf out = client.buffer();
        if (result.tag().isEmpty()) {
            BackendMessages.bare(out, 'I');
        } else {
            BackendMessages.commandComplete(out, result.tag());
        }
        client.write(out);
    }

    private void columns(Answer answer) {
        AdminResult result = answer.result();
        ByteBuf out = client.buffer();
        if (result == null || result.columns().isEmpty()) {
            BackendMessages.bare(out, 'n');
        } else {
            AdminRows.columns(out, result, formats);
        }
        client.write(out);
    }

    private void fail(ErrorFields error) {
        client.error(error);
        skipping = true;
    }

    private void bare(char type) {
        ByteBuf out = client.buffer();
        BackendMessages.bare(out, type);
        client.write(out);
    }
}
