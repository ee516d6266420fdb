package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.route.Command;
import dev.pando.core.route.Plan;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Describe: a server says what columns a statement has, Pando itself what its own commands have. */
final class Descriptions {
    private final Session session;
    private final SessionPort port;
    private final Leases leases;
    private final Prepared prepared;
    private final Batch batch;
    private final Cursors cursors;
    private final Whereabouts whereabouts;
    private final BiConsumer<ClientStatement, Consumer<ClientStatement>> current;

    /**
     * @param current gives a statement as it is planned now
     */
    Descriptions(
            Session session,
            SessionPort port,
            Leases leases,
            Prepared prepared,
            Batch batch,
            Dispatcher dispatcher,
            BiConsumer<ClientStatement, Consumer<ClientStatement>> current) {
        this.session = session;
        this.port = port;
        this.leases = leases;
        this.prepared = prepared;
        this.batch = batch;
        this.cursors = dispatcher.cursors();
        this.whereabouts = dispatcher.whereabouts();
        this.current = current;
    }

    void describe(FrontendMessage.Describe describe) {
        if (describe.kind() == 'S') {
            describeStatement(describe.name());
        } else {
            batch.announce(() -> describePortal(describe.name()));
        }
    }

    private void describeStatement(String name) {
        ClientStatement statement = prepared.statement(name);
        if (statement != null && whereabouts.unknown(statement.planned().plan().command())) {
            whereabouts.locate(statement.planned(), batch, () -> describeStatement(name, statement));
        } else {
            describeStatement(name, statement);
        }
    }

    private void describeStatement(String name, @Nullable ClientStatement statement) {
        if (statement == null) {
            batch.announce(() -> batch.fail(new Failure(ErrorFields.of("ERROR", "26000", Prepared.missing(name)))));
        } else if (statement.planned().plan().command() instanceof Command.ExecutePrepared execute) {
            batch.announceLocally(statement);
            ByteBuf out = port.allocator().buffer(16);
            BackendMessages.parameterDescription(out, new int[0]);
            batch.answer(out);
            describeExecuted(execute, statement, new short[0]);
        } else if (cursors.fetched(statement.planned().plan().command()) != null) {
            batch.announceLocally(statement);
            ByteBuf out = port.allocator().buffer(16);
            BackendMessages.parameterDescription(out, new int[0]);
            batch.answer(out);
            describeFetched(statement, new short[0]);
        } else if (statement.planned().plan().command().own()) {
            batch.announceLocally(statement);
            int parameters = statement.planned().parameters();
            ByteBuf out = port.allocator().buffer(64);
            int[] types = new int[parameters];
            java.util.Arrays.fill(types, 25);
            BackendMessages.parameterDescription(out, types);
            ownColumns(statement.planned().plan(), out);
            batch.answer(out);
            session.resume();
        } else {
            if (statement == prepared.unannounced()) {
                describe(statement);
            } else {
                batch.announce(() -> current.accept(statement, this::describe));
            }
        }
    }

    private void describe(ClientStatement statement) {
        batch.toLook(batch.anyShard(statement), to -> {
            batch.send(to, statement);
            to.describe('S', statement.serverName(), statement);
            session.resume();
        });
    }

    private void describePortal(String name) {
        Portal portal = prepared.portal(name);
        if (portal == null) {
            batch.fail(new Failure(ErrorFields.of("ERROR", "34000", "portal \"" + name + "\" does not exist")));
            return;
        }
        ClientStatement statement = portal.statement();
        if (portal.shard() != null) {
            if (leases.failedWithout(portal.shard())
                    && statement.planned().plan().command() instanceof Command.Read) {
                throw new PandoException(PandoError.IN_FAILED_TRANSACTION);
            }
            batch.on(portal.shard(), to -> {
                to.describe('P', name, statement);
                session.resume();
            });
        } else if (statement.planned().plan().command() instanceof Command.ExecutePrepared execute) {
            describeExecuted(execute, statement, portal.bind().resultFormats());
        } else if (cursors.fetched(statement.planned().plan().command()) != null) {
            describeFetched(statement, portal.bind().resultFormats());
        } else if (statement.planned().plan().command().own()) {
            ByteBuf out = port.allocator().buffer(64);
            ownColumns(statement.planned().plan(), out);
            batch.answer(out);
            session.resume();
        } else {
            Command command = statement.planned().plan().command();
            if (leases.failed() && (command instanceof Command.Read || command instanceof Command.Declare)) {
                throw new PandoException(PandoError.IN_FAILED_TRANSACTION);
            }
            batch.toLook(batch.anyShard(statement), to -> {
                to.ensure(statement, () -> prepared.forget(statement));
                to.describeAsPortal(statement, portal.bind().resultFormats());
                session.resume();
            });
        }
    }

    /** What EXECUTE answers with: as PostgreSQL, nothing is said of a statement that is not there. */
    private void describeExecuted(Command.ExecutePrepared execute, ClientStatement outer, short[] formats) {
        ClientStatement target = prepared.statement(execute.name());
        ByteBuf out = port.allocator().buffer(64);
        if (ExecuteText.ofExecute(outer.sql()).inside()) {
            if (outer.planned().firstWords().startsWith("EXPLAIN")) {
                BackendMessages.textColumns(out, List.of("QUERY PLAN"));
            } else {
                BackendMessages.bare(out, 'n');
            }
        } else if (target == null) {
            BackendMessages.bare(out, 'n');
        } else if (target.planned().plan().command().own()) {
            ownColumns(target.planned().plan(), out);
        } else {
            out.release();
            describeAsPortal(target, formats);
            return;
        }
        batch.answer(out);
        session.resume();
    }

    private void describeAsPortal(ClientStatement target, short[] formats) {
        batch.toLook(batch.anyShard(target), to -> {
            to.ensure(target, () -> prepared.forget(target));
            to.describeAsPortal(target, formats);
            session.resume();
        });
    }

    /** What FETCH answers with: the columns of the cursor's query. */
    private void describeFetched(ClientStatement outer, short[] formats) {
        Command command = outer.planned().plan().command();
        ClientStatement query = cursors.fetched(command);
        if (query == null || (command instanceof Command.Fetch fetch && fetch.moves())) {
            ByteBuf out = port.allocator().buffer(8);
            BackendMessages.bare(out, 'n');
            batch.answer(out);
            session.resume();
        } else {
            describeAsPortal(query, formats);
        }
    }

    private void ownColumns(Plan plan, ByteBuf out) {
        if (plan.command() instanceof Command.PandoCall call) {
            BackendMessages.textColumns(out, port.callColumns(call.function()));
        } else if (plan.command() instanceof Command.ExplainPando) {
            BackendMessages.textColumns(out, List.of("QUERY PLAN"));
        } else if (plan.command() instanceof Command.ListeningChannels asked) {
            BackendMessages.textColumns(out, List.of(asked.column()));
        } else {
            BackendMessages.bare(out, 'n');
        }
    }
}
