package dev.pando.server.net;

import dev.pando.base.error.PandoException;
import dev.pando.core.link.Injected;
import dev.pando.core.link.Reported;
import dev.pando.core.pool.Waiter;
import dev.pando.server.code.CatalogAnswer;
import dev.pando.server.code.PlainCode;
import dev.pando.server.code.PlainReading;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the code of a plain database on a connection of its pool, between two transactions of clients. Owned by an event loop. */
final class CodeReader implements Waiter<ServerConnection> {
    private static final Logger LOG = LoggerFactory.getLogger(CodeReader.class);

    private final Database database;
    private final PlainCode code;
    private final PlainReading reading;
    private final Consumer<Throwable> unexpected;

    CodeReader(Database database, PlainCode code, PlainReading reading, Consumer<Throwable> unexpected) {
        this.database = database;
        this.code = code;
        this.reading = reading;
        this.unexpected = unexpected;
    }

    @Override
    public void granted(ServerConnection connection) {
        // The session that had it last is not to hear what is set here.
        connection.link().reportsTo(new Reported());
        Injected.run(connection.link(), PlainReading.BEGIN, begun -> next(connection, begun));
    }

    @Override
    public void refused(PandoException reason) {
        LOG.debug("the code of database {} is read later: {}", database.name(), reason.getMessage());
        code.postponed(System.nanoTime());
    }

    private void next(ServerConnection connection, Injected.Result before) {
        String query = reading.next();
        if (before.lost()) {
            connection.release(false);
            code.postponed(System.nanoTime());
        } else if (!before.succeeded() || before.cut()) {
            refused(before);
            end(connection);
        } else if (query == null) {
            end(connection);
            Thread.ofVirtual().name("pando-code").start(this::judge);
        } else {
            Injected.query(connection.link(), query, PlainReading.MOST_ROWS, answer -> answered(connection, answer));
        }
    }

    private void answered(ServerConnection connection, Injected.Result answer) {
        if (answer.succeeded() && !answer.cut()) {
            reading.answered(new CatalogAnswer(answer.columns(), answer.rows()));
        }
        next(connection, answer);
    }

    private void judge() {
        try {
            code.read(reading, System.nanoTime());
        } catch (RuntimeException bug) {
            code.refused(System.nanoTime());
            unexpected.accept(bug);
        }
    }

    private void refused(Injected.Result answer) {
        if (code.refused(System.nanoTime())) {
            LOG.warn(
                    "the code of database {} cannot be read: what its triggers, defaults and views leave on server connections is"
                            + " noticed only where the server reports it: {}",
                    database.name(),
                    answer.error() == null
                            ? "more than " + PlainReading.MOST_ROWS + " rows in one of its catalogs"
                            : answer.error().message());
        }
    }

    private void end(ServerConnection connection) {
        Injected.run(
                connection.link(),
                "ROLLBACK",
                ended -> connection.release(
                        ended.succeeded() && connection.link().reusable()));
    }
}
