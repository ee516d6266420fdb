package dev.pando.rehearse.watch;

/** What a server refused. */
public record Failure(String sqlState, String message, String sql) {}
