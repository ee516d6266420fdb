package dev.pando.server.sight;

import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Tuning;
import dev.pando.core.route.Planned;
import dev.pando.core.sight.Accounts;
import dev.pando.core.sight.Flight;
import dev.pando.core.sight.Onlooker;
import dev.pando.core.sight.Part;
import dev.pando.core.sight.RepetitionStats;
import dev.pando.core.sight.SightSettings;
import dev.pando.core.sight.StatementStats;
import dev.pando.core.sight.StatementText;
import dev.pando.server.admin.AdminView;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Statements one by one: slow ones in the log, those of a trace as spans, and one question asked many times in the log. Used by all event
 * loops, so nothing here waits.
 *
 * <p>What can go wrong: the log itself makes everything slow when every statement is, and says too much. So there are at most {@value
 * #LINES_PER_SECOND} lines per second, the next one says how many are missing, and a statement is told by its shape, without its values.
 */
public final class SightLog implements Onlooker, AutoCloseable {
    /** Pairs of database and user that have histograms of their own, as metrics. */
    private static final int MOST_ACCOUNTS = 100;

    private static final int LINES_PER_SECOND = 100;
    private static final Logger LOG = LoggerFactory.getLogger(SightLog.class);

    private final LiveConfig live;
    private final AtomicLong second = new AtomicLong();
    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong missing = new AtomicLong();
    private final Intervals intervals = new Intervals();
    private final SpanExporter spans;
    private final Accounts accounts = new Accounts(MOST_ACCOUNTS);

    public SightLog(LiveConfig live) {
        this.live = live;
        this.spans = new SpanExporter(live);
    }

    /** What is watched by this configuration. */
    public static SightSettings settings(PandoConfig config) {
        Tuning.Statements statements = config.tuning().statements();
        Duration slow = statements.slow();
        return new SightSettings(
                statements.track(),
                statements.most(),
                slow == null ? -1 : slow.toNanos(),
                config.tuning().tracing().endpoint() != null,
                statements.repeats(),
                statements.repeatPause().toNanos());
    }

    @Override
    public void slow(Flight flight, int client) {
        if (!admitted()) {
            missing.incrementAndGet();
            return;
        }
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("id", flight.id())
                .addKeyValue("client", client)
                .addKeyValue("user", flight.account().user())
                .addKeyValue("database", flight.account().database())
                .addKeyValue("duration_ms", millis(flight.nanos()));
        for (Part part : Part.ALL) {
            line = line.addKeyValue(part.word() + "_ms", millis(flight.part(part)));
        }
        line = line.addKeyValue("shards", shards(flight))
                .addKeyValue("rows", flight.rows())
                .addKeyValue("received_bytes", flight.received())
                .addKeyValue("sent_bytes", flight.sent())
                .addKeyValue("failed", flight.failed())
                .addKeyValue("statement", StatementText.of(flight));
        Planned planned = flight.planned();
        if (planned != null && !planned.plan().why().isEmpty()) {
            line = line.addKeyValue("plan", String.join("; ", planned.plan().why()));
        }
        if (flight.trace().known()) {
            line = line.addKeyValue("trace", flight.trace().trace());
        }
        long left = missing.getAndSet(0);
        (left == 0 ? line : line.addKeyValue("missing", left)).log("slow statement");
    }

    private static String shards(Flight flight) {
        return Arrays.stream(flight.shardNumbers()).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
    }

    private boolean admitted() {
        long now = System.nanoTime() / 1_000_000_000;
        if (second.getAndSet(now) != now) {
            lines.set(0);
        }
        return lines.incrementAndGet() <= LINES_PER_SECOND;
    }

    @Override
    public void traced(Flight flight, int client) {
        Instant now = Instant.now();
        long nanos = now.getEpochSecond() * 1_000_000_000 + now.getNano();
        spans.offer(Spans.of(flight, client, nanos, ThreadLocalRandom.current()::nextLong));
    }

    @Override
    public void repeated(StatementStats statement) {
        Duration interval = live.now().tuning().statements().repeatLogInterval();
        RepetitionStats repetition = statement.repetition();
        if (repetition == null || interval.isZero() || !intervals.due(statement.id(), System.nanoTime(), interval)) {
            return;
        }
        LoggingEventBuilder line = LOG.atWarn()
                .addKeyValue("id", statement.id())
                .addKeyValue("user", statement.account().user())
                .addKeyValue("database", statement.account().database())
                .addKeyValue("runs", repetition.runs())
                .addKeyValue("repeats", repetition.repeats())
                .addKeyValue("statement_ms", millis(repetition.nanos()))
                .addKeyValue("pause_ms", millis(repetition.pauses()))
                .addKeyValue("statement", statement.text())
                .addKeyValue("advice", repetition.remedy().advice());
        String after = repetition.after();
        String batched = repetition.remedy().batched();
        line = after == null ? line : line.addKeyValue("after", after);
        line = batched == null ? line : line.addKeyValue("batched", batched);
        line.log("one question asked many times (N+1)");
    }

    /** Who has histograms of his own. */
    public Accounts accounts() {
        return accounts;
    }

    /** What became of spans. */
    public AdminView.SpansView spans() {
        return spans.counts();
    }

    @Override
    public void close() {
        spans.close();
    }
}
