package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Injected;
import dev.pando.core.link.Reported;
import dev.pando.core.pool.Waiter;
import dev.pando.server.code.CatalogAnswer;
import dev.pando.server.code.PlainCode;
import dev.pando.server.code.PlainReading;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the code of a plain database on a connection of its pool, between two transactions of clients. Owned by an event loop. */
final class CodeReader implements Waiter<ServerConnection> {
    private static final Logger LOG = LoggerFactory.getLogger(CodeReader.class);
    private final Database database;
    private final PlainCode code;
    private final PlainReading reading;
    private final LoopServers loop;
    private Runnable over = () -> {};

    CodeReader(Database database, PlainCode code, PlainReading reading, LoopServers loop) {
        this.database = database;
        this.code = code;
        this.reading = reading;
        this.loop = loop;
    }

    @Override
    public void granted(ServerConnection connection) {
        // The session that had it last is not to hear what is set here.
        connection.link().reportsTo(new Reported());
        long most = reading.bounds().time().toMillis();
        Future<?> deadline = loop.loop()
                .schedule(
                        () -> connection.breakOff(new PandoException(
                                PandoError.SHARD_LOST,
                                database.name(),
                                "its catalogs were not read within " + most + " ms")),
                        most,
                        TimeUnit.MILLISECONDS);
        over = () -> deadline.cancel(false);
        Injected.run(connection.link(), PlainReading.BEGIN, begun -> next(connection, begun));
    }

    @Override
    public void refused(PandoException reason) {
        postponed(String.valueOf(reason.getMessage()));
    }

    private void postponed(String reason) {
        if (code.postponed(System.nanoTime())) {
            LOG.warn(
                    "the code of database {} has not been read for a while, so every transaction is looked after: {}",
                    database.name(),
                    reason);
        }
    }

    private void next(ServerConnection connection, Injected.Result before) {
        String query = reading.next();
        if (before.lost()) {
            over.run();
            connection.release(false);
            postponed(connection.link().lossReason());
        } else if (!before.succeeded() || before.cut()) {
            refused(before);
            end(connection);
        } else if (query == null) {
            end(connection);
            Thread.ofVirtual().name("pando-code").start(this::judge);
        } else {
            Injected.query(connection.link(), query, reading.room(), answer -> answered(connection, answer));
        }
    }

    private void answered(ServerConnection connection, Injected.Result answer) {
        try {
            if (answer.succeeded() && !answer.cut()) {
                reading.answered(new CatalogAnswer(answer.columns(), answer.rows()), answer.bytes());
            }
        } catch (RuntimeException unfit) {
            // A catalog that is not PostgreSQL's.
            loop.unexpected(unfit);
            code.refused(System.nanoTime());
            end(connection);
            return;
        }
        next(connection, answer);
    }

    private void judge() {
        boolean judged = false;
        try {
            code.read(reading, System.nanoTime());
            judged = true;
        } catch (RuntimeException bug) {
            loop.unexpected(bug);
        } finally {
            if (!judged) {
                code.refused(System.nanoTime());
            }
        }
    }

    private void refused(Injected.Result answer) {
        ErrorFields error = answer.error();
        long now = System.nanoTime();
        // Class 42: a relation, function or column is missing, or the right to read it.
        boolean forbidden = error != null && error.sqlState().startsWith("42");
        if (forbidden ? code.forbidden(now) : code.refused(now)) {
            LOG.warn(
                    "the code of database {} has not been read, so every transaction is looked after: {}",
                    database.name(),
                    error == null
                            ? "its catalogs are larger than "
                                    + (reading.bounds().bytes() >> 20) + " MiB"
                            : error.message());
        }
    }

    private void end(ServerConnection connection) {
        over.run();
        Injected.run(
                connection.link(),
                "ROLLBACK",
                ended -> connection.release(
                        ended.succeeded() && connection.link().reusable()));
    }
}
