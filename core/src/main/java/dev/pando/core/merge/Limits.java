package dev.pando.core.merge;

/**
 * What one merge may hold in memory.
 *
 * @param memoryBytes rows waiting for their turn, and groups with their overhead
 */
public record Limits(long memoryBytes) {
    public Limits {
        if (memoryBytes <= 0) {
            throw new IllegalArgumentException("memory limit " + memoryBytes);
        }
    }
}
