package dev.pando.server.sight;

import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.Tuning;
import dev.pando.server.admin.AdminView;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector by OTLP over HTTP, on a thread of its own; event loops only put them into a queue.
 *
 * <p>What can go wrong: the collector is slow, or not there, or says no. The queue is bounded ({@code tracing.queue}): what finds no place is
 * dropped and counted. What was sent and not taken is counted as failed and not sent again, for a collector in trouble is not helped by
 * more; the log says so once a minute. A library would bring batching and retries, and 2 MB of classes that are loaded at the start.
 */
final class SpanExporter implements AutoCloseable {
    static final int BATCH = 512;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final Duration COMPLAINTS = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(SpanExporter.class);

    private final LiveConfig live;
    private final LinkedBlockingQueue<List<Span>> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Intervals complaints = new Intervals();
    private @Nullable Thread thread;
    private volatile boolean closed;

    SpanExporter(LiveConfig live) {
        this.live = live;
    }

    /** Puts the spans of one statement into the queue, or drops them all. */
    void offer(List<Span> spans) {
        int places = live.now().tuning().tracing().queue();
        if (closed || waiting.addAndGet(spans.size()) > places) {
            waiting.addAndGet(closed ? 0 : -spans.size());
            dropped.addAndGet(spans.size());
            return;
        }
        queue.add(spans);
        start();
    }

    private synchronized void start() {
        if (thread == null && !closed) {
            thread = Thread.ofVirtual().name("pando-spans").start(this::run);
        }
    }

    AdminView.SpansView counts() {
        return new AdminView.SpansView(sent.get(), failed.get(), dropped.get());
    }

    private void run() {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            while (!closed || !queue.isEmpty()) {
                List<Span> first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    send(client, batch(first));
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Span> batch(List<Span> first) {
        List<Span> batch = new ArrayList<>(first);
        List<Span> next = batch.size() < BATCH ? queue.poll() : null;
        while (next != null) {
            batch.addAll(next);
            next = batch.size() < BATCH ? queue.poll() : null;
        }
        waiting.addAndGet(-batch.size());
        return batch;
    }

    private void send(HttpClient client, List<Span> batch) throws InterruptedException {
        Tuning.Tracing tracing = live.now().tuning().tracing();
        String endpoint = tracing.endpoint();
        if (endpoint == null) {
            dropped.addAndGet(batch.size());
            return;
        }
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint.replaceAll("/+$", "") + "/v1/traces"))
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(OtlpJson.of(batch)))
                    .build();
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status / 100 == 2) {
                sent.addAndGet(batch.size());
            } else {
                failed(batch.size(), "it answers " + status);
            }
        } catch (IOException | IllegalArgumentException e) {
            failed(batch.size(), e.toString());
        }
    }

    private void failed(int spans, String reason) {
        failed.addAndGet(spans);
        if (complaints.due(0, System.nanoTime(), COMPLAINTS)) {
            LOG.atWarn()
                    .addKeyValue("endpoint", live.now().tuning().tracing().endpoint())
                    .addKeyValue("failed", failed.get())
                    .addKeyValue("reason", reason)
                    .log("the collector has not taken spans");
        }
    }

    /** What waits still goes out, if that is quick. */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
        }
        if (running != null) {
            try {
                if (!running.join(LAST_WORDS)) {
                    running.interrupt();
                }
            } catch (InterruptedException e) {
                running.interrupt();
                Thread.currentThread().interrupt();
            }
        }
    }
}
