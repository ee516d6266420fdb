package dev.pando.bench;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One step of a test: a number of clients, connected, warmed up, measured, drained and closed again. Blocks its caller. */
final class WriteStep {
    private static final Duration RAMP_LIMIT = Duration.ofMinutes(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);
    private static final String MEASURING = "measuring";

    /**
     * @param window zero for clients that only connect
     * @param answerLimit how long to wait for answers still out when the window ends
     */
    record Plan(
            PostgresUrl url,
            Work work,
            int clients,
            int loops,
            Duration warmUp,
            Duration window,
            Duration answerLimit,
            long seed) {}

    /** Sees a step go on. Called on the thread that runs the step. */
    interface Watcher {
        void connected(int connected, int clients, double seconds);

        /** Warm-up has ended and measuring begins. */
        default void measuring() {}

        /** The window has ended; clients are still connected. */
        default void measured() {}

        /** About twice a second. */
        void running(String phase, Duration elapsed, Duration total, long acknowledged);

        /** About twice a second within the window; what was answered since is in {@code pulse}. */
        default void measuring(Pulse pulse) {}
    }

    /** What the event loops counted, and the times that go with it. */
    record Outcome(double rampSeconds, double windowSeconds, Tally tally) {}

    private final Plan plan;
    private final Watcher watcher;
    private final Pulse pulse = new Pulse();
    private final List<ClientGroup> groups = new ArrayList<>();

    WriteStep(Plan plan, Watcher watcher) {
        this.plan = plan;
        this.watcher = watcher;
    }

    Outcome run() throws InterruptedException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        try (MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(plan.loops(), io)) {
            open(loops, epoll ? EpollSocketChannel.class : NioSocketChannel.class);
            return measure();
        }
    }

    private void open(MultiThreadIoEventLoopGroup loops, Class<? extends SocketChannel> channel) {
        var settings =
                new ClientGroup.Settings(plan.url(), new ScramKeys(plan.url().password()), plan.work(), channel);
        var seeds = new SplittableRandom(plan.seed());
        for (int i = 0; i < plan.loops(); i++) {
            int share = plan.clients() / plan.loops() + (i < plan.clients() % plan.loops() ? 1 : 0);
            EventLoop loop = loops.next();
            groups.add(new ClientGroup(loop, settings, share, seeds.nextLong(), pulse));
        }
    }

    private Outcome measure() throws InterruptedException {
        long began = System.nanoTime();
        List<CompletableFuture<Integer>> ramping =
                groups.stream().map(ClientGroup::ramp).toList();
        await(ramping, RAMP_LIMIT);
        double rampSeconds = seconds(System.nanoTime() - began);
        int connected = ramping.stream().mapToInt(ramp -> ramp.getNow(0)).sum();
        watcher.connected(connected, plan.clients(), rampSeconds);
        if (connected > 0 && plan.window().isPositive()) {
            runWindow();
        }
        List<CompletableFuture<Tally>> draining =
                groups.stream().map(ClientGroup::drain).toList();
        await(draining, plan.answerLimit());
        ServerError unanswered = new ServerError(
                ServerError.CONNECTION, "no answer within " + plan.answerLimit().toSeconds() + " s after the window");
        List<CompletableFuture<Tally>> closing =
                groups.stream().map(group -> group.close(unanswered)).toList();
        if (!await(closing, CLOSE_LIMIT)) {
            throw new PandoException(PandoError.BUG, "load generator's event loops do not answer");
        }
        Tally sum = new Tally();
        closing.forEach(tally -> sum.add(tally.join()));
        return new Outcome(rampSeconds, seconds(plan.window().toNanos()), sum);
    }

    private void runWindow() throws InterruptedException {
        long start = System.nanoTime();
        long windowStart = start + plan.warmUp().toNanos();
        var window =
                new ClientGroup.Window(windowStart, windowStart + plan.window().toNanos());
        groups.forEach(group -> group.run(window));
        watch("warming up", start, window.start());
        pulse.take();
        watcher.measuring();
        watch(MEASURING, start, window.end());
        watcher.measured();
    }

    private void watch(String phase, long start, long end) throws InterruptedException {
        long now = System.nanoTime();
        while (now - end < 0) {
            TimeUnit.NANOSECONDS.sleep(Math.min(TimeUnit.MILLISECONDS.toNanos(500), end - now));
            now = System.nanoTime();
            Duration elapsed = Duration.ofNanos(now - start);
            watcher.running(phase, elapsed, plan.warmUp().plus(plan.window()), pulse.acknowledged());
            if (phase.equals(MEASURING)) {
                watcher.measuring(pulse);
            }
        }
    }

    private static boolean await(List<? extends CompletableFuture<?>> futures, Duration limit)
            throws InterruptedException {
        try {
            CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                    .get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw PandoException.causedBy(e, PandoError.BUG, "load generator: " + e.getCause());
        }
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
