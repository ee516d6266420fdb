package dev.pando.server.code;

import java.time.Duration;

/**
 * What one reading of a database's code may cost: a server that says nothing must not keep a place in the pool, and one with millions of
 * functions must not take the memory.
 *
 * @param time all of it together
 * @param bytes of all answers together; what is larger is not read
 */
public record ReadingBounds(Duration time, long bytes) {
    public static final ReadingBounds USUAL = new ReadingBounds(Duration.ofSeconds(10), 64L << 20);
}
