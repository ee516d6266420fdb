package dev.pando.core.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What kind of statement it is, as far as the session has to act on it itself. */
public sealed interface Command {
    /** Changes rows or the schema. */
    sealed interface Writing extends Command {}

    /** Changes run-time parameters of the session. */
    sealed interface Setting extends Command {}

    /** Answered by Pando, without a server or with several. */
    sealed interface Own extends Command {}

    /** Of the transaction. */
    sealed interface Control extends Own {}

    /** Ends the transaction. */
    sealed interface End extends Control {}

    /** Of a cursor that SQL names. */
    sealed interface OfCursor extends Command {
        String name();
    }

    default boolean writes() {
        return this instanceof Writing;
    }

    default boolean changesSettings() {
        return this instanceof Setting;
    }

    /** Whether Pando answers it itself. */
    default boolean own() {
        return this instanceof Own;
    }

    /** Whether a transaction that has failed still takes it. */
    default boolean leavesFailedTransaction() {
        return this instanceof End || this instanceof RollbackTo;
    }

    /** SELECT, VALUES, TABLE, SHOW, EXPLAIN: changes nothing. */
    record Read() implements Command {}

    /** INSERT, UPDATE, DELETE, MERGE, SELECT … FOR UPDATE, calls that may write. */
    record Write() implements Writing {}

    /** Changes the schema: the catalog is read again before the client hears of success. */
    record Ddl() implements Writing {}

    record CopyIn() implements Writing {}

    record CopyOut() implements Command {}

    /** BEGIN or START TRANSACTION; {@code isolation} in lower case, null for the default. */
    record Begin(@Nullable String isolation, boolean readOnly) implements Control {}

    record Commit(boolean chain) implements End {}

    record Rollback(boolean chain) implements End {}

    /** PREPARE TRANSACTION by a client that commits in two phases itself. */
    record PrepareTransaction() implements End {}

    record Savepoint(String name) implements Control {}

    record Release(String name) implements Control {}

    record RollbackTo(String name) implements Control {}

    /** SET: session-wide unless local. */
    record Set(String name, boolean local) implements Setting {}

    /**
     * set_config(…) in a SELECT without FROM, with values that are known when it runs.
     *
     * @param localValue where it is read whether the setting is local; null when {@code local} says it
     */
    record SetConfig(
            ValueSource name, ValueSource value, @Nullable ValueSource localValue, boolean local) implements Setting {}

    record Reset(String name) implements Setting {}

    /** SET LOCAL … TO DEFAULT. */
    record ResetLocally(String name) implements Setting {}

    record ResetAll() implements Setting {}

    /** DISCARD ALL. */
    record Discard() implements Setting, Own {}

    /** DEALLOCATE; {@code name} is null for ALL. */
    record Deallocate(@Nullable String name) implements Own {}

    record Listen(String channel) implements Own {}

    /** UNLISTEN; {@code channel} is null for all. */
    record Unlisten(@Nullable String channel) implements Own {}

    /** SELECT pg_listening_channels(), under the name that the statement gives its column. */
    record ListeningChannels(String column) implements Own {}

    /** PREPARE: the session keeps the statement as it keeps those of Parse. */
    record Prepare(String name) implements Own {}

    /** EXECUTE, by itself or within EXPLAIN or CREATE TABLE AS. */
    record ExecutePrepared(String name) implements Own {}

    /** SELECT pando.function(…): positional arguments first, then named ones. */
    record PandoCall(String function, List<Argument> arguments) implements Own {
        public PandoCall {
            arguments = List.copyOf(arguments);
        }
    }

    /** EXPLAIN (PANDO) of the plan given. */
    record ExplainPando(Plan plan) implements Own {}

    record Empty() implements Own {}

    /**
     * DECLARE CURSOR.
     *
     * @param held the cursor outlives its transaction
     * @param binary FETCH in a simple query answers in binary
     */
    record Declare(String name, boolean held, boolean binary) implements OfCursor {}

    /** FETCH or MOVE. */
    record Fetch(String name, Direction direction, long count, boolean moves) implements OfCursor {
        /** The {@code count} of FETCH ALL. */
        public static final long ALL = Long.MAX_VALUE;

        /** NEXT is one row forward, PRIOR one backward, FIRST and LAST are absolute. */
        public enum Direction {
            FORWARD,
            BACKWARD,
            ABSOLUTE,
            RELATIVE
        }
    }

    record CloseCursor(String name) implements OfCursor {}

    /** UPDATE or DELETE … WHERE CURRENT OF. */
    record WriteAt(String name) implements Writing, OfCursor {}

    /** CLOSE ALL. */
    record CloseCursors() implements Own {}

    /** An argument; {@code name} is null for a positional one. */
    record Argument(@Nullable String name, ValueSource value) {}
}
