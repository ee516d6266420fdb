package dev.pando.lab.oracle;

/** An index that was built, of a table that was there before; {@code again} if an index of that name was there, too. */
public record IndexBuild(Relation index, Relation table, boolean again) {}
