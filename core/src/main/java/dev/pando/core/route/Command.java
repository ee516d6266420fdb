package dev.pando.core.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What kind of statement it is, as far as the session has to act on it itself. */
public sealed interface Command {
    /** SELECT, VALUES, TABLE, SHOW, EXPLAIN: changes nothing. */
    record Read() implements Command {}

    /** INSERT, UPDATE, DELETE, MERGE, SELECT … FOR UPDATE, calls that may write. */
    record Write() implements Command {}

    /** Changes the schema: the catalog is read again before the client hears of success. */
    record Ddl() implements Command {}

    record CopyIn() implements Command {}

    record CopyOut() implements Command {}

    /** BEGIN or START TRANSACTION; {@code isolation} in lower case, null for the default. */
    record Begin(@Nullable String isolation, boolean readOnly) implements Command {}

    record Commit(boolean chain) implements Command {}

    record Rollback(boolean chain) implements Command {}

    record Savepoint(String name) implements Command {}

    record Release(String name) implements Command {}

    record RollbackTo(String name) implements Command {}

    /** SET or a FROM-less SELECT set_config(…): session-wide unless local. */
    record Set(String name, boolean local) implements Command {}

    record Reset(String name) implements Command {}

    record ResetAll() implements Command {}

    /** DISCARD ALL. */
    record Discard() implements Command {}

    /** SELECT pando.function(…): positional arguments first, then named ones. */
    record PandoCall(String function, List<Argument> arguments) implements Command {
        public PandoCall {
            arguments = List.copyOf(arguments);
        }
    }

    /** EXPLAIN (PANDO) of the plan given. */
    record ExplainPando(Plan plan) implements Command {}

    record Empty() implements Command {}

    /** An argument; {@code name} is null for a positional one. */
    record Argument(@Nullable String name, ValueSource value) {}
}
