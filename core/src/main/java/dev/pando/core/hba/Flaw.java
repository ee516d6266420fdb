package dev.pando.core.hba;

/** Something wrong in a rule file. */
public record Flaw(String file, int line, String message) {}
