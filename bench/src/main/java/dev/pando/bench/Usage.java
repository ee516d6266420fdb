package dev.pando.bench;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a proxy uses while it is measured, and the step's other watcher. On the thread that runs the step. */
final class Usage implements WriteStep.Watcher {
    private final @Nullable ProxyProcess process;
    private final WriteStep.Watcher other;
    private Duration begin = Duration.ZERO;
    private Duration end = Duration.ZERO;
    private OptionalLong resident = OptionalLong.empty();

    /** @param process null where no proxy is between */
    Usage(@Nullable ProxyProcess process, WriteStep.Watcher other) {
        this.process = process;
        this.other = other;
    }

    /** Processor time in the window. */
    double seconds() {
        return end.minus(begin).toNanos() / 1e9;
    }

    /** In memory when it was last looked at: with all clients connected, then at the window's end. */
    OptionalLong residentKilobytes() {
        return resident;
    }

    private Duration cpu() {
        return process == null ? Duration.ZERO : process.cpu();
    }

    private void look() {
        resident = process == null ? OptionalLong.empty() : process.residentKilobytes();
    }

    @Override
    public void connected(int connected, int clients, double seconds) {
        look();
        other.connected(connected, clients, seconds);
    }

    @Override
    public void measuring() {
        begin = cpu();
        other.measuring();
    }

    @Override
    public void measuring(Pulse pulse) {
        other.measuring(pulse);
    }

    @Override
    public void measured() {
        end = cpu();
        look();
        other.measured();
    }

    @Override
    public void running(String phase, Duration elapsed, Duration total, long acknowledged) {
        other.running(phase, elapsed, total, acknowledged);
    }
}
