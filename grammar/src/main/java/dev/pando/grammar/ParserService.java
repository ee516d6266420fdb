package dev.pando.grammar;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Parses off the event loops: a few daemon threads, each with its own {@link Grammar}, and one bounded queue between. What does not fit
 * into the queue is refused at once with {@link PandoError#PARSER_BUSY}; a slow statement delays others by at most its thread.
 *
 * <p>Stages complete on the parser's thread: whoever composes further work has to move it back to its own thread.
 */
public final class ParserService implements AutoCloseable {
    /** C code and the tree's nesting use the Java stack; this holds {@link GrammarLimits#treeDepth()} with room. */
    private static final long STACK_BYTES = 64L << 20;

    /** Parsed once by each thread before any client waits, so that the first client does not pay for loading classes. */
    private static final String WARM_UP =
            "INSERT INTO t (a) VALUES (1); SELECT a, count(*) FROM t WHERE a = $1 GROUP BY a ORDER BY a LIMIT 5";

    private final BlockingQueue<Request> queue;
    private final int queueLimit;
    private final GrammarLimits limits;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    private record Request(String sql, CompletableFuture<ParseResult> reply) {}

    public ParserService(int threadCount, int queueLimit, GrammarLimits limits) {
        this.queueLimit = queueLimit;
        this.limits = limits;
        queue = new ArrayBlockingQueue<>(queueLimit);
        for (int i = 0; i < threadCount; i++) {
            var thread = new Thread(null, this::run, "pando-parser-" + i, STACK_BYTES);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** Completes with a tree or PostgreSQL's refusal, or exceptionally with a {@link PandoException}. Never blocks. */
    public CompletionStage<ParseResult> parse(String sql) {
        var request = new Request(sql, new CompletableFuture<>());
        if (closed || !queue.offer(request)) {
            request.reply.completeExceptionally(new PandoException(PandoError.PARSER_BUSY, queue.size(), queueLimit));
        } else if (closed) {
            refuseWaiting();
        }
        return request.reply;
    }

    /** Statements that wait at the moment. */
    public int waiting() {
        return queue.size();
    }

    /** Refuses what waits, breaks off what runs, and ends the threads. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        refuseWaiting();
    }

    private void refuseWaiting() {
        for (Request request = queue.poll(); request != null; request = queue.poll()) {
            request.reply.completeExceptionally(new PandoException(PandoError.PARSER_BUSY, 0, queueLimit));
        }
    }

    private void run() {
        try (var grammar = new Grammar(limits)) {
            answer(grammar, new Request(WARM_UP, new CompletableFuture<>()));
            while (!closed) {
                answer(grammar, queue.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // close() asked this thread to end
        }
    }

    private void answer(Grammar grammar, Request request) {
        try {
            request.reply.complete(grammar.parse(request.sql));
        } catch (PandoException e) {
            request.reply.completeExceptionally(closed ? new PandoException(PandoError.SHUTTING_DOWN) : e);
        } catch (RuntimeException | Error e) {
            request.reply.completeExceptionally(PandoException.causedBy(e, PandoError.BUG, "the parser failed: " + e));
        }
    }
}
