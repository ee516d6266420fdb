package dev.pando.core.config;

/** Which command reads the file: {@code pando up} makes its own servers, {@code pando serve} is told of existing ones. */
public enum Purpose {
    UP,
    SERVE
}
