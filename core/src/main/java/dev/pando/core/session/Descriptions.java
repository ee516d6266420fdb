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

/** Describe: a server says what columns a statement has, Pando itself what its own commands have. */
final class Descriptions {
    private final Session session;
    private final SessionPort port;
    private final Leases leases;
    private final Prepared prepared;
    private final Batch batch;
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
            BiConsumer<ClientStatement, Consumer<ClientStatement>> current) {
        this.session = session;
        this.port = port;
        this.leases = leases;
        this.prepared = prepared;
        this.batch = batch;
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
        if (statement == null) {
            batch.announce(() -> batch.fail(new Failure(ErrorFields.of("ERROR", "26000", Prepared.missing(name)))));
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
        } else if (statement.planned().plan().command().own()) {
            ByteBuf out = port.allocator().buffer(64);
            ownColumns(statement.planned().plan(), out);
            batch.answer(out);
            session.resume();
        } else {
            if (leases.failed() && statement.planned().plan().command() instanceof Command.Read) {
                throw new PandoException(PandoError.IN_FAILED_TRANSACTION);
            }
            batch.toLook(batch.anyShard(statement), to -> {
                to.ensure(statement, () -> prepared.forget(statement));
                to.describeAsPortal(statement, portal.bind().resultFormats());
                session.resume();
            });
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
