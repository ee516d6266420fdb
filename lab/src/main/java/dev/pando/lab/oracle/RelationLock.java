package dev.pando.lab.oracle;

/** A lock that the statement holds until its transaction ends or, where it makes transactions of its own, held or wanted for a while. */
public record RelationLock(Relation relation, LockMode mode, Role role) {}
