package dev.pando.base.error;

/** Whose move it is after an error. A bug never dresses as anything else. */
public enum ErrorKind {
    /** The client sent something wrong, or something Pando refuses by design. */
    CLIENT,
    /** A server behind Pando failed or could not be reached. */
    BACKEND,
    /** A limit was reached; trying again later may work. */
    CAPACITY,
    /** The configuration or the state of the fleet has to be changed by its operator. */
    OPERATOR,
    /** Pando itself is wrong. */
    BUG
}
