package dev.pando.rehearse.traffic;

/**
 * A statement that a server logged; times in milliseconds.
 *
 * @param begun when it began, since the log's first one did
 */
record Logged(String database, String session, long begun, long ended, String sql) {}
