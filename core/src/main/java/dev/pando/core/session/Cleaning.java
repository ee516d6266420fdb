package dev.pando.core.session;

import dev.pando.core.link.Injected;
import dev.pando.core.link.ServerLink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What becomes of a server connection that one session has had for itself, before another one gets it. */
final class Cleaning {
    private static final String ALL = "DISCARD ALL";

    private Cleaning() {}

    /**
     * Gives it back when it is as after its login; if that fails it is closed.
     *
     * @param then what has to run once it is clean
     */
    static void run(SessionPort port, ServerLink link, List<String> then) {
        Deque<String> steps = new ArrayDeque<>();
        steps.add(ALL);
        steps.addAll(then);
        next(port, link, steps);
    }

    private static void next(SessionPort port, ServerLink link, Deque<String> steps) {
        String sql = steps.pollFirst();
        if (sql == null) {
            link.settings().clear();
            link.settingsKnown();
            link.forgetAllStatements();
            port.release(link, link.reusable());
            return;
        }
        Injected.run(link, sql, result -> {
            if (result.succeeded()) {
                next(port, link, steps);
            } else {
                port.release(link, false);
            }
        });
    }
}
