package dev.pando.core.config;

/** A value that a key cannot have; the message is for the operator. */
final class BadValue extends Exception {
    BadValue(String message) {
        super(message);
    }

    BadValue(String message, Throwable cause) {
        super(message, cause);
    }
}
