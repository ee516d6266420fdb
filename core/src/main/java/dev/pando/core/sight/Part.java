package dev.pando.core.sight;

import java.util.List;
import java.util.Locale;

/** Where the time of a statement goes; together they are all of it. */
public enum Part {
    /** Waiting for a server connection. */
    QUEUE,
    /** Finding out where it goes: lexer, plan cache, and on a miss the grammar. */
    PLAN,
    /** From there until the server has answered, the network between included. */
    BACKEND,
    /** From the last shard's last answer to the end: what is left to merge of several shards. */
    MERGE,
    /** Waiting for the client to read. */
    CLIENT;

    /** All of them. */
    public static final List<Part> ALL = List.of(values());

    /** For metrics and manuals. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its place in an array; counting is done for every statement, so an array it is. */
    @SuppressWarnings("EnumOrdinal")
    int place() {
        return ordinal();
    }
}
