package dev.pando.core.config;

import java.time.Duration;
import java.util.List;

/** What a key's value may be. */
sealed interface ValueKind {
    /** Any text but the empty one. */
    record Text() implements ValueKind {}

    record Password() implements ValueKind {}

    record Whole(int min, int max) implements ValueKind {}

    record Time(Duration min, Duration max) implements ValueKind {}

    /** Bytes: a whole number, or text with a unit. */
    record Size(long min, long max) implements ValueKind {}

    record Flag() implements ValueKind {}

    record Choice(List<String> words) implements ValueKind {}

    /** {@code host:port}. */
    record Server() implements ValueKind {}

    record Servers() implements ValueKind {}

    /** {@code table} (in schema public) or {@code schema.table}. */
    record Relation() implements ValueKind {}

    record Names() implements ValueKind {}

    /** An inline table of a sharding function's settings. */
    record Settings() implements ValueKind {}

    /** For messages and the manual. */
    default String describe() {
        return switch (this) {
            case Text() -> "text";
            case Password() -> "text (secret)";
            case Whole(int min, int max) -> "whole number from " + min + " to " + max;
            case Time(Duration min, Duration max) ->
                "duration from " + Units.print(min) + " to " + Units.print(max) + ", such as \"10s\"";
            case Size(long min, long max) ->
                "size from " + Units.print(min) + " to " + Units.print(max) + ", such as \"64MB\"";
            case Flag() -> "true or false";
            case Choice(List<String> words) -> "one of " + String.join(", ", words);
            case Server() -> "server as \"host:port\"";
            case Servers() -> "list of servers as \"host:port\"";
            case Relation() -> "table, as \"table\" or \"schema.table\"";
            case Names() -> "list of column names";
            case Settings() -> "table of settings";
        };
    }
}
