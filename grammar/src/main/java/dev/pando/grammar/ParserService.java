package dev.pando.grammar;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Parses off the event loops: a few daemon threads, each with its own {@link Grammar}, and one bounded queue between. What does not fit
 * into the queue is refused at once with {@link PandoError#PARSER_BUSY}.
 *
 * <p>Long texts take up to seconds, and whoever sends them one after the other must not keep all others waiting. So they have a queue and
 * a thread of their own, which begins with the first of them and ends, its grammar's memory with it, when none came for a minute.
 *
 * <p>Stages complete on the parser's thread: whoever composes further work has to move it back to its own thread.
 */
public final class ParserService implements AutoCloseable {
    /** C code and the tree's nesting use the Java stack; this holds {@link GrammarLimits#treeDepth()} with room. */
    private static final long STACK_BYTES = 64L << 20;

    /** Parsed once by each thread before any client waits, so that the first client does not pay for loading classes. */
    private static final String WARM_UP =
            "INSERT INTO t (a) VALUES (1); SELECT a, count(*) FROM t WHERE a = $1 GROUP BY a ORDER BY a LIMIT 5";

    /** Texts up to this length are read and planned within some tens of milliseconds, whatever they say. */
    private static final int SHORT_CHARACTERS = 8 << 10;

    private static final long IDLE_SECONDS = 60;

    private final BlockingQueue<Request> queue;
    private final BlockingQueue<Request> longTexts;
    private final int queueLimit;
    private final GrammarLimits limits;
    private final List<Thread> threads = new ArrayList<>();
    /** Guarded by {@link #threads}; null while there are no long texts. */
    private @Nullable Thread longReader;

    private volatile boolean closed;

    private record Request(
            String sql, BiFunction<Grammar, String, ParseResult> work, CompletableFuture<ParseResult> reply) {}

    public ParserService(int threadCount, int queueLimit, GrammarLimits limits) {
        this.queueLimit = queueLimit;
        this.limits = limits;
        queue = new ArrayBlockingQueue<>(queueLimit);
        longTexts = new ArrayBlockingQueue<>(queueLimit);
        for (int i = 0; i < threadCount; i++) {
            threads.add(started("pando-parser-" + i, this::run));
        }
    }

    private static Thread started(String name, Runnable work) {
        var thread = new Thread(null, work, name, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Completes with a tree or PostgreSQL's refusal, or exceptionally with a {@link PandoException}. Never blocks. */
    public CompletionStage<ParseResult> parse(String sql) {
        return parsed(sql, Grammar::parse);
    }

    /** The same of {@link Grammar#parsePlpgsql}. */
    public CompletionStage<ParseResult> parsePlpgsql(String sql) {
        return parsed(sql, Grammar::parsePlpgsql);
    }

    private CompletionStage<ParseResult> parsed(String sql, BiFunction<Grammar, String, ParseResult> work) {
        var request = new Request(sql, work, new CompletableFuture<>());
        boolean brief = sql.length() <= SHORT_CHARACTERS;
        BlockingQueue<Request> waiting = brief ? queue : longTexts;
        if (closed || !waiting.offer(request)) {
            request.reply.completeExceptionally(new PandoException(PandoError.PARSER_BUSY, waiting.size(), queueLimit));
        } else if (!brief) {
            readLongTexts();
        }
        if (closed) {
            refuseWaiting();
        }
        return request.reply;
    }

    private void readLongTexts() {
        synchronized (threads) {
            if (longReader == null && !closed) {
                longReader = started("pando-parser-long", this::runLong);
            }
        }
    }

    /** Statements that wait at the moment. */
    public int waiting() {
        return queue.size() + longTexts.size();
    }

    /** Refuses what waits, breaks off what runs, and ends the threads. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        synchronized (threads) {
            if (longReader != null) {
                longReader.interrupt();
            }
        }
        refuseWaiting();
    }

    private void refuseWaiting() {
        List<Request> refused = new ArrayList<>();
        queue.drainTo(refused);
        longTexts.drainTo(refused);
        refused.forEach(request ->
                request.reply.completeExceptionally(new PandoException(PandoError.PARSER_BUSY, 0, queueLimit)));
    }

    private void run() {
        try (var grammar = new Grammar(limits)) {
            answer(grammar, new Request(WARM_UP, Grammar::parse, new CompletableFuture<>()));
            while (!closed) {
                answer(grammar, queue.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // close() asked this thread to end
        }
    }

    private void runLong() {
        try (var grammar = new Grammar(limits)) {
            for (Request next = nextLong(); next != null; next = nextLong()) {
                answer(grammar, next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // close() asked this thread to end
        }
    }

    /** Null when none came for long: then this thread is to end. */
    private @Nullable Request nextLong() throws InterruptedException {
        Request next = closed ? null : longTexts.poll(IDLE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            synchronized (threads) {
                next = closed ? null : longTexts.poll();
                longReader = next == null ? null : longReader;
            }
        }
        return next;
    }

    private void answer(Grammar grammar, Request request) {
        try {
            request.reply.complete(request.work.apply(grammar, request.sql));
        } catch (PandoException e) {
            request.reply.completeExceptionally(closed ? new PandoException(PandoError.SHUTTING_DOWN) : e);
        } catch (RuntimeException | Error e) {
            request.reply.completeExceptionally(PandoException.causedBy(e, PandoError.BUG, "the parser failed: " + e));
        }
    }
}
