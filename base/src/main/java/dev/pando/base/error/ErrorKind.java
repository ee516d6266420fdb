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
    BUG;

    /** What most errors are whose ids begin with the same digit; the others say what they are. */
    static ErrorKind usual(String id) {
        return switch (id.charAt("PD".length())) {
            case '1', '3', '4', '6' -> CLIENT;
            case '2' -> CAPACITY;
            case '5' -> BACKEND;
            case '7', '8' -> OPERATOR;
            case '9' -> BUG;
            default -> throw new IllegalArgumentException(id);
        };
    }
}
