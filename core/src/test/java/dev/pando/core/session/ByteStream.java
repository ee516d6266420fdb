package dev.pando.core.session;

import java.util.Arrays;
import java.util.function.Consumer;

/** One direction of a connection: bytes keep their order, arrive late and cut anywhere, and wait while the receiver does not read. */
final class ByteStream {
    private final World world;
    private final int slowness;
    private final Consumer<byte[]> receiver;
    private final Runnable atEnd;
    private byte[] waiting = new byte[0];
    private boolean reading = true;
    private boolean scheduled;
    private boolean ending;
    private boolean over;
    private long stalledUntil;

    /** {@code slowness}: the longest delay of a piece, in microseconds. */
    ByteStream(World world, int slowness, Consumer<byte[]> receiver, Runnable atEnd) {
        this.world = world;
        this.slowness = slowness;
        this.receiver = receiver;
        this.atEnd = atEnd;
    }

    void send(byte[] bytes) {
        if (over || ending || bytes.length == 0) {
            return;
        }
        int old = waiting.length;
        waiting = Arrays.copyOf(waiting, old + bytes.length);
        System.arraycopy(bytes, 0, waiting, old, bytes.length);
        schedule();
    }

    /** What is under way still arrives, then the end is seen. */
    void end() {
        ending = true;
        schedule();
    }

    /** As {@link #end}, but a part of what is under way is lost, perhaps from the middle of a message on. */
    void cut() {
        if (waiting.length > 0) {
            waiting = Arrays.copyOf(waiting, world.chance().between(0, waiting.length));
        }
        end();
    }

    /** Nothing arrives any more, not even the end. */
    void silence() {
        over = true;
        waiting = new byte[0];
    }

    /** Nothing arrives for that long, then all of it. */
    void stall(long micros) {
        stalledUntil = Math.max(stalledUntil, world.agenda().now() + micros);
    }

    /** The other side is gone and nobody says so: what is sent waits for ever. */
    void vanish() {
        stalledUntil = Long.MAX_VALUE;
    }

    void reading(boolean on) {
        reading = on;
        if (on) {
            schedule();
        }
    }

    /** What has not arrived yet. */
    byte[] underWay() {
        return waiting.clone();
    }

    int waiting() {
        return waiting.length;
    }

    private void schedule() {
        if (!scheduled && !over && stalledUntil < Long.MAX_VALUE && (waiting.length > 0 || ending)) {
            scheduled = true;
            long stall = Math.max(0, stalledUntil - world.agenda().now());
            world.agenda().after(stall + world.chance().between(1, slowness), this::arrive);
        }
    }

    private void arrive() {
        scheduled = false;
        if (over) {
            return;
        }
        if (world.agenda().now() < stalledUntil) {
            schedule();
            return;
        }
        if (waiting.length == 0 && ending) {
            over = true;
            atEnd.run();
            return;
        }
        if (!reading) {
            return;
        }
        Chance chance = world.chance();
        int size = chance.oneIn(3) ? chance.between(1, waiting.length) : waiting.length;
        byte[] piece = Arrays.copyOf(waiting, size);
        waiting = Arrays.copyOfRange(waiting, size, waiting.length);
        receiver.accept(piece);
        schedule();
    }
}
