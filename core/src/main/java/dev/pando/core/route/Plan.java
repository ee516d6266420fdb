package dev.pando.core.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to do with a statement. Immutable, shared by all sessions, cached per shape (or per exact text when {@code textBound}).
 *
 * @param target which shards it concerns
 * @param across what to do when these are several
 * @param pin why the session must keep its server connection after this statement (temporary table, advisory lock, LISTEN …), null when it need not
 * @param traces what may be left on the server connection
 * @param textBound offsets or values of the exact text are part of the plan, so that it must not be used for another text of the same shape
 * @param why lines for EXPLAIN (PANDO): which tables, which key, why these shards
 */
public record Plan(
        Command command,
        Target target,
        Across across,
        @Nullable String pin,
        Traces traces,
        boolean textBound,
        List<String> why) {
    public Plan {
        why = List.copyOf(why);
    }
}
