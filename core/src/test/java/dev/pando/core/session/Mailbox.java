package dev.pando.core.session;

import java.util.ArrayDeque;

/** Tasks from one event loop to another: they run later, in the order they were given. */
final class Mailbox {
    private static final int LATEST = 60;

    private final World world;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    Mailbox(World world) {
        this.world = world;
    }

    void add(Runnable task) {
        tasks.addLast(task);
        world.agenda().after(world.chance().between(1, LATEST), () -> {
            Runnable next = tasks.removeFirst();
            if (!world.collapsed()) {
                next.run();
            }
        });
    }
}
