package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.core.route.Command;
import dev.pando.core.route.Planned;
import dev.pando.core.topology.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What code on servers has made and the client now names: a cursor that a function has opened, a statement that a DO has PREPAREd. The
 * session does not know of it until it asks its servers, which it does before the statement that names it is run or described.
 */
final class Whereabouts {
    private final Session session;
    private final Leases leases;
    private final Cursors cursors;
    private final PreparedSql preparedSql;
    private final ServerStatements serverStatements;

    Whereabouts(
            Session session,
            Leases leases,
            Cursors cursors,
            PreparedSql preparedSql,
            ServerStatements serverStatements) {
        this.session = session;
        this.leases = leases;
        this.cursors = cursors;
        this.preparedSql = preparedSql;
        this.serverStatements = serverStatements;
    }

    /** Whether servers have to be asked, see {@link #locate}. */
    boolean unknown(Command command) {
        if (leases.failed()) {
            return false;
        }
        return switch (command) {
            case Command.Declare _ -> false;
            case Command.OfCursor cursor ->
                session.extended().prepared().portal(cursor.name()) == null
                        && cursors.candidates().size() > 1;
            case Command.ExecutePrepared execute -> preparedSql.unknown(execute.name()) || doubtful(command);
            case Command.Prepare _, Command.Deallocate _ -> doubtful(command);
            case Command.Own _, Command.Setting _, Command.Writing _, Command.Read _, Command.CopyOut _ -> false;
        };
    }

    /** Whether it names a statement of the session that code may have ended. */
    private boolean doubtful(Command command) {
        String name = switch (command) {
            case Command.Prepare prepare -> prepare.name();
            case Command.Deallocate deallocate -> deallocate.name();
            case Command.ExecutePrepared execute -> execute.name();
            case Command.OfCursor _ -> null;
            case Command.Own _, Command.Setting _, Command.Writing _, Command.Read _, Command.CopyOut _ -> null;
        };
        return name != null && serverStatements.doubtful(name);
    }

    /** Finds what the statement names, if it is anywhere. Nothing must be in flight. */
    void locate(Planned planned, Runnable then, Consumer<Failure> failed) {
        Command command = planned.plan().command();
        if (!unknown(command)) {
            then.run();
        } else if (doubtful(command)) {
            serverStatements.reckon(() -> adopt(command, then, failed), failed);
        } else if (command instanceof Command.OfCursor cursor) {
            search(cursor, planned, then, failed);
        } else {
            adopt(command, then, failed);
        }
    }

    private void adopt(Command command, Runnable then, Consumer<Failure> failed) {
        if (command instanceof Command.ExecutePrepared execute && preparedSql.unknown(execute.name())) {
            preparedSql.adopt(execute.name(), then, failed);
        } else {
            then.run();
        }
    }

    /** As above, from the middle of a batch. */
    void locate(Planned planned, Batch batch, Runnable then) {
        batch.endPipeline(() -> locate(planned, () -> batch.attempt(then), batch::fail));
    }

    private void search(Command.OfCursor cursor, Planned planned, Runnable then, Consumer<Failure> failed) {
        List<ShardId> found = new ArrayList<>();
        new Round(leases)
                .ask(
                        cursors.candidates(),
                        "SELECT 1 FROM pg_catalog.pg_cursors WHERE name OPERATOR(pg_catalog.=) "
                                + Quote.literal(cursor.name()),
                        (participant, result) -> {
                            if (!result.rows().isEmpty()) {
                                found.add(participant.link.shard());
                            }
                        },
                        () -> found(cursor.name(), planned, found, then, failed),
                        failed);
    }

    private void found(String name, Planned planned, List<ShardId> shards, Runnable then, Consumer<Failure> failed) {
        if (shards.size() > 1) {
            failed.accept(Failure.of(new PandoException(
                    PandoError.CROSS_SHARD_SHAPE, "cursor \"" + name + "\", which is on several shards")));
            return;
        }
        try {
            shards.forEach(shard -> cursors.opened(name, planned, shard));
        } catch (PandoException refusal) {
            failed.accept(Failure.of(refusal));
            return;
        }
        then.run();
    }
}
