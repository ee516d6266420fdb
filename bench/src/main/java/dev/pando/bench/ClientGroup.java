package dev.pando.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one event loop. All state belongs to that loop's thread; the methods for other threads only hand it work and return
 * futures.
 *
 * <p>Clients connect a few at a time, so that the server's accept queue does not overflow and one slow login does not delay the count.
 * Whoever is refused then stays out and is reported. Whoever is lost later comes back after {@link #RECONNECT_SECONDS}, so that a server
 * that restarts meets its clients again and one that stays away is not hammered.
 */
final class ClientGroup {
    private static final int LOGINS_AT_ONCE = 64;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int LOGIN_SECONDS = 60;
    private static final int RECONNECT_SECONDS = 1;

    /** Start and end of measuring, by {@link System#nanoTime}. */
    record Window(long start, long end) {
        boolean holds(long now) {
            return now - start >= 0 && now - end < 0;
        }
    }

    record Settings(PostgresUrl url, ScramKeys keys, Work work, Class<? extends SocketChannel> channel) {}

    private final EventLoop loop;
    private final Settings settings;
    private final int target;
    private final SplittableRandom random;
    private final Pulse pulse;
    private final Tally tally = new Tally();
    private final Set<WriteClient> clients = new HashSet<>();
    private final CompletableFuture<Integer> ramped = new CompletableFuture<>();
    private final CompletableFuture<Tally> drained = new CompletableFuture<>();
    private int opened;
    private int loggingIn;
    private @Nullable Window window;
    private boolean stopping;
    private boolean givenUp;
    private int busy;

    /** @param pulse for whoever watches */
    ClientGroup(EventLoop loop, Settings settings, int target, long seed, Pulse pulse) {
        this.loop = loop;
        this.settings = settings;
        this.target = target;
        this.random = new SplittableRandom(seed);
        this.pulse = pulse;
    }

    // For other threads.

    /** Opens the connections; the future tells how many got in. */
    CompletableFuture<Integer> ramp() {
        loop.execute(this::openMore);
        return ramped;
    }

    /** Starts every client. */
    void run(Window measured) {
        loop.execute(() -> {
            window = measured;
            long now = System.nanoTime();
            for (WriteClient client : List.copyOf(clients)) {
                if (!client.busy()) {
                    send(client, now);
                }
            }
        });
    }

    /** Sends nothing new; the future ends when the last answer is in. */
    CompletableFuture<Tally> drain() {
        loop.execute(() -> {
            stopping = true;
            checkDrained();
        });
        return drained;
    }

    /** Gives up on answers that are still out, and closes everything. */
    CompletableFuture<Tally> close(ServerError unanswered) {
        CompletableFuture<Tally> closed = new CompletableFuture<>();
        loop.execute(() -> {
            stopping = true;
            givenUp = true;
            for (WriteClient client : new ArrayList<>(clients)) {
                if (client.busy()) {
                    client.end(unanswered);
                } else {
                    client.quit();
                }
            }
            clients.clear();
            closed.complete(tally);
        });
        return closed;
    }

    // On the loop.

    Work work() {
        return settings.work();
    }

    private void openMore() {
        while (opened < target && loggingIn < LOGINS_AT_ONCE && !stopping) {
            opened++;
            open();
        }
        if (loggingIn == 0 && !ramped.isDone()) {
            ramped.complete(tally.connected());
        }
    }

    private void open() {
        loggingIn++;
        byte[] nonce = new byte[18];
        random.nextBytes(nonce);
        Login login = new Login(settings.url(), settings.keys(), HexFormat.of().formatHex(nonce));
        WriteClient client = new WriteClient(this, login, settings.work().requests(random));
        clients.add(client);
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(settings.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(client)
                .connect(settings.url().host(), settings.url().port());
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                client.end(new ServerError(
                        ServerError.CONNECTION, String.valueOf(done.cause().getMessage())));
            }
        });
        ServerError late =
                new ServerError(ServerError.CONNECTION, "login did not finish within " + LOGIN_SECONDS + " s");
        client.limitLogin(loop.schedule(() -> client.end(late), LOGIN_SECONDS, TimeUnit.SECONDS));
    }

    void ready(WriteClient client) {
        loggingIn--;
        if (!ramped.isDone()) {
            tally.loggedIn();
            openMore();
        }
        if (window != null && !stopping) {
            send(client, System.nanoTime());
        }
    }

    void refused(WriteClient client, ServerError why) {
        loggingIn--;
        clients.remove(client);
        if (!ramped.isDone()) {
            tally.refused(why);
            // Not from within: refusals that arrive at once must not nest.
            loop.execute(this::openMore);
        } else {
            tally.failed(why, measured(System.nanoTime()));
            comeBackLater();
        }
    }

    void answered(WriteClient client, long sentAt, @Nullable ServerError error) {
        long now = System.nanoTime();
        busy--;
        if (error == null) {
            tally.succeeded(now - sentAt, measured(now));
            pulse.succeeded(now - sentAt);
        } else {
            failed(error, now);
        }
        if (stopping) {
            checkDrained();
        } else {
            send(client, now);
        }
    }

    void lost(WriteClient client, ServerError why, boolean wasBusy) {
        clients.remove(client);
        if (wasBusy) {
            busy--;
            failed(why, System.nanoTime());
        } else {
            tally.failed(why, measured(System.nanoTime()));
        }
        comeBackLater();
        checkDrained();
    }

    private void failed(ServerError error, long now) {
        pulse.failed();
        tally.failed(error, measured(now) || givenUp);
        if (error.leavesOutcomeOpen()) {
            tally.leftOpen();
        }
    }

    private void comeBackLater() {
        if (!stopping && window != null) {
            Future<?> _ = loop.schedule(
                    () -> {
                        if (!stopping) {
                            open();
                        }
                    },
                    RECONNECT_SECONDS,
                    TimeUnit.SECONDS);
        }
    }

    private void send(WriteClient client, long now) {
        busy++;
        client.send(now);
    }

    private boolean measured(long now) {
        return window != null && window.holds(now);
    }

    private void checkDrained() {
        if (stopping && busy == 0) {
            drained.complete(tally);
        }
    }
}
