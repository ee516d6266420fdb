package dev.pando.core.shard;

import java.util.List;
import java.util.UUID;

/** A key's value in canonical form: equal exactly when PostgreSQL says so. */
public sealed interface Key {
    record Int(long value) implements Key {}

    record Uuid(UUID value) implements Key {}

    record Text(String value) implements Key {}

    record Composite(List<Key> parts) implements Key {}
}
