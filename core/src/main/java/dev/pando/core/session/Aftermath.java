package dev.pando.core.session;

import dev.pando.core.route.Command;
import dev.pando.core.route.Plan;
import dev.pando.core.route.Traces;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What successful statements mean for their session: what they may have left, settings to follow, a schema to read again. */
final class Aftermath {
    /** Counts downwards, so that none is an epoch. */
    private static final AtomicLong SCHEMAS = new AtomicLong();

    private final Session session;
    private final Leases leases;
    private final Listening listening;
    private final Dispatcher dispatcher;
    private boolean schemaChanged;
    /** The schema as the transaction under way has left it, which nobody else has; only while {@link #schemaChanged}. */
    private long ownSchema;

    private @Nullable Failure lostMeanwhile;

    Aftermath(Session session, Leases leases, Listening listening, Dispatcher dispatcher) {
        this.session = session;
        this.leases = leases;
        this.listening = listening;
        this.dispatcher = dispatcher;
    }

    void executed(Plan plan) {
        session.port().watch().ended();
        if (plan.traces().any()) {
            Traces traces = plan.traces();
            leases.participants().forEach(participant -> participant.suspect(traces));
        }
        if (plan.command() instanceof Command.Ddl || plan.traces().code() == Traces.Code.MISSED) {
            schemaChanged = true;
            ownSchema = SCHEMAS.decrementAndGet();
        }
        if (plan.command() instanceof Command.RollbackTo back) {
            session.extended().rolledBack(leases.transaction().savepointSerial(back.name()));
            listening.rolledBack(leases.transaction().savepointSerial(back.name()));
        } else if (plan.command() instanceof Command.Savepoint) {
            listening.savepoint(leases.transaction().savepointSerial());
        }
        if (plan.command() instanceof Command.End) {
            // Not only at Sync: the rest of the batch is read without what SET LOCAL said.
            session.settings().transactionEnded();
            session.searchPath().transactionEnded();
            session.extended().transactionEnded();
        }
    }

    /**
     * The schema that a statement is prepared for: the epoch's, or the transaction's own since it changed that. Servers keep such statements
     * apart from those of the same text, whose columns may be others.
     */
    long schema(long epoch) {
        return schemaChanged ? ownSchema : epoch;
    }

    /** At the end of a transaction, once: whether it, or somebody else past Pando, has changed the schema. */
    boolean schemaToRead() {
        Participants all = leases.participants();
        for (int i = 0; i < all.size(); i++) {
            schemaChanged |= all.at(i).link.tellsOfSchema();
        }
        boolean changed = schemaChanged;
        schemaChanged = false;
        return changed;
    }

    /** After a successful SET, RESET or DISCARD: remembers it, and brings it to the transaction's other shards. */
    void settingsAfter(Execution execution, Runnable then, Consumer<Failure> failed) {
        Command command = execution.plan().command();
        if (!command.changesSettings()) {
            then.run();
            return;
        }
        leases.participants().forEach(participant -> participant.link.settingsKnown());
        SettingChange.after(
                session,
                command,
                execution.sql(),
                (source, inferred) -> dispatcher.text(execution, source, inferred),
                () -> {
                    Failure lost = lostMeanwhile;
                    lostMeanwhile = null;
                    if (lost == null) {
                        then.run();
                    } else {
                        failed.accept(lost);
                    }
                });
    }

    /** A shard was lost while it was told of a setting. */
    void lostMeanwhile(Failure failure) {
        if (leases.transaction().doomed()) {
            lostMeanwhile = failure;
        }
    }
}
