package dev.pando.core.shard;

/** The types a sharding key can have. */
public enum KeyType {
    INT2,
    INT4,
    INT8,
    UUID,
    TEXT
}
