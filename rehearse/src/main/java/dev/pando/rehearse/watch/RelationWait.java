package dev.pando.rehearse.watch;

/**
 * How others waited for the migration on one table.
 *
 * @param waits how many times somebody waited
 * @param longest microseconds
 * @param p99 microseconds
 * @param queue the most sessions that waited at once
 * @param blame of the longest wait
 */
public record RelationWait(String relation, int waits, long longest, long p99, int queue, Blame blame) {}
