package dev.pando.core.sight;

/** Is shown single statements, on the event loop, and must be done with them when it returns. */
public interface Onlooker {
    /** Looks away. */
    Onlooker NONE = new Onlooker() {};

    /** One that took as long as is to be told, of the client with this number. */
    default void slow(Flight flight, int client) {}

    /** One that belongs to a trace. */
    default void traced(Flight flight, int client) {}

    /** One has become one question asked many times, for this run of it. */
    default void repeated(StatementStats statement) {}
}
