package dev.pando.cli;

import dev.pando.lab.FleetEvent;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Shows what happens to the servers: a progress bar while they start, a line for each one that dies and comes back later. */
final class FleetScreen implements Consumer<FleetEvent> {
    private final Screen screen;
    private final BooleanSupplier stopping;
    private volatile boolean opened;

    FleetScreen(Screen screen, BooleanSupplier stopping) {
        this.screen = screen;
        this.stopping = stopping;
    }

    /** All servers are there: what comes now is out of the ordinary. */
    void opened() {
        opened = true;
    }

    @Override
    public void accept(FleetEvent event) {
        if (stopping.getAsBoolean()) {
            return;
        }
        switch (event) {
            case FleetEvent.Progress(int done, int total, String what) -> screen.progress(done, total, what);
            case FleetEvent.ServerReady ready -> {
                if (opened) {
                    screen.line(ready.server() + " is ready again");
                }
            }
            case FleetEvent.ServerDied died -> screen.line(died.server() + " died: " + died.reason());
            case FleetEvent.ServerRestarting again ->
                screen.line(again.server() + " is started again, attempt " + again.attempt());
            case FleetEvent.ServerRecloning clone -> screen.line(clone.server() + " is copied anew: " + clone.reason());
        }
    }
}
