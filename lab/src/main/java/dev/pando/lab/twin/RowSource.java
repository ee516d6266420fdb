package dev.pando.lab.twin;

import java.sql.Connection;

/** Where rows of a target can be read: the one thing of the twin that does, for trials that ask for it. */
@FunctionalInterface
public interface RowSource {
    /**
     * Copies what {@code query} gives, in a read-only transaction with a limit of time, into {@code table} of {@code twin}, a name with
     * columns as COPY takes it. Answers how many rows came; throws an error of the catalogue when they cannot be read.
     */
    long copy(String query, Connection twin, String table);
}
