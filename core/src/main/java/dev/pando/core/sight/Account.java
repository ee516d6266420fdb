package dev.pando.core.sight;

/** On whose behalf a statement runs. */
public record Account(String database, String user) {}
