package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import dev.pando.core.route.Planned;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a session asks to be planned, one statement at a time. The answer to a request that was cancelled is nobody's. */
final class PlanRequests {
    private final SessionPort port;
    private final Consumer<Runnable> answers;
    private @Nullable Request awaited;

    /** One for each plan that is asked for, told apart by being another one. */
    private static final class Request {
        private final Consumer<ErrorFields> failed;

        Request(Consumer<ErrorFields> failed) {
            this.failed = failed;
        }
    }

    /** {@code answers} runs what arrives later, if the client is still there. */
    PlanRequests(SessionPort port, Consumer<Runnable> answers) {
        this.port = port;
        this.answers = answers;
    }

    void planned(byte[] sql, List<String> searchPath, Consumer<Planned> then, Consumer<ErrorFields> failed) {
        Planned cached = port.cachedPlan(sql, searchPath);
        if (cached != null) {
            then.accept(cached);
            return;
        }
        Request request = new Request(failed);
        awaited = request;
        port.plan(
                sql,
                searchPath,
                planned -> answered(request, () -> then.accept(planned)),
                error -> answered(request, () -> failed.accept(error)));
    }

    private void answered(Request request, Runnable action) {
        answers.accept(() -> {
            if (awaited == request) {
                awaited = null;
                action.run();
            }
        });
    }

    /** Whether there was a request to fail. */
    boolean cancel(ErrorFields reason) {
        Request request = awaited;
        awaited = null;
        if (request != null) {
            request.failed.accept(reason);
        }
        return request != null;
    }
}
