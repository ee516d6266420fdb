package dev.pando.core.session;

import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.link.ParameterTypes;
import dev.pando.core.route.Plan;
import dev.pando.core.route.Planned;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A statement with its values.
 *
 * @param sql its own text, of a query string with several only its part
 * @param bind parameters and result formats, null in the simple protocol
 * @param window how many rows the client wants now, and how much they may take
 * @param unparsed to be run when a server refuses to parse the statement
 */
record Execution(
        Planned planned,
        byte[] sql,
        ParameterTypes types,
        FrontendMessage.@Nullable Bind bind,
        Window window,
        Runnable unparsed) {
    Plan plan() {
        return planned.plan();
    }

    boolean simple() {
        return bind == null || window.describes();
    }

    /**
     * What of an answer is wanted now.
     *
     * @param maxRows most rows, 0 for all
     * @param last nobody can ask for more
     * @param room bytes of memory that the portal may take
     * @param rest takes what is left to hand out
     * @param describes the client expects the columns with the answer, though the statement has values beside its text
     */
    record Window(int maxRows, boolean last, long room, Consumer<Portal.Rows> rest, boolean describes) {
        boolean limited() {
            return maxRows > 0;
        }

        long most() {
            return limited() ? maxRows : Long.MAX_VALUE;
        }

        Window described() {
            return new Window(maxRows, last, room, rest, true);
        }
    }
}
