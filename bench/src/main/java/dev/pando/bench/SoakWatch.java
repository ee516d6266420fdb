package dev.pando.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Looks at Pando every few seconds while it is measured: at the system's figures of its process, and at its own. */
final class SoakWatch implements WriteStep.Watcher, AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final double MEGABYTE = 1 << 20;

    private final ProxyProcess process;
    private final URI metrics;
    private final long everyNanos;
    private final WriteStep.Watcher other;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final List<SoakReport.Look> looks = new ArrayList<>();
    private long begun;
    private long lastAt;
    private Duration lastCpu = Duration.ZERO;

    SoakWatch(ProxyProcess process, Duration every, WriteStep.Watcher other) throws InterruptedException {
        this.process = process;
        this.metrics = PandoServe.http(process).resolve("/metrics");
        this.everyNanos = every.toNanos();
        this.other = other;
    }

    List<SoakReport.Look> looks() {
        return looks;
    }

    @Override
    public void connected(int connected, int clients, double seconds) {
        other.connected(connected, clients, seconds);
    }

    @Override
    public void running(String phase, Duration elapsed, Duration total, long acknowledged) {
        other.running(phase, elapsed, total, acknowledged);
    }

    @Override
    public void measuring() {
        begun = System.nanoTime();
        lastAt = begun;
        lastCpu = process.cpu();
    }

    @Override
    public void measuring(Pulse pulse) {
        long now = System.nanoTime();
        // Asked about twice a second: half a turn too early is nearer than half a turn too late.
        if (now - lastAt >= everyNanos - Duration.ofMillis(250).toNanos()) {
            look(now, pulse.take());
        }
    }

    private void look(long now, Pulse.Beat beat) {
        double seconds = (now - lastAt) / 1e9;
        Duration cpu = process.cpu();
        String text = metrics();
        looks.add(new SoakReport.Look(
                (now - begun) / 1e9,
                known(process.residentKilobytes()) / 1024,
                value(text, "heap"),
                value(text, "direct"),
                known(process.openFiles()),
                cpu.minus(lastCpu).toNanos() / 1e9 / seconds,
                beat.succeeded() / seconds,
                beat.failed(),
                beat.p50(),
                beat.p99()));
        lastAt = now;
        lastCpu = cpu;
    }

    private static double known(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : Double.NaN;
    }

    /** Empty when it does not answer in time: a look without its own figures. */
    private String metrics() {
        try {
            HttpRequest request = HttpRequest.newBuilder(metrics).timeout(LIMIT).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static double value(String metrics, String area) {
        return megabytes(metrics, "pando_memory_used_bytes{area=\"" + area + "\"} ")
                .orElse(Double.NaN);
    }

    static OptionalDouble megabytes(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())) / MEGABYTE)
                .findFirst();
    }

    @Override
    public void close() {
        http.close();
    }
}
