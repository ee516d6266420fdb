package dev.pando.core.session;

/**
 * What one session may use.
 *
 * @param statements prepared statements and portals together
 * @param mergeBytes rows held in memory while merging or reordering
 * @param rowBytes the longest row of COPY data
 */
public record Limits(int statements, long mergeBytes, int rowBytes) {}
