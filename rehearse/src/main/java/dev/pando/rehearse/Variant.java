package dev.pando.rehearse;

import dev.pando.lint.read.Migration;
import java.util.List;

/**
 * A migration to rehearse, alone or beside another way to the same end.
 *
 * @param name for the reader
 */
record Variant(String name, List<Migration> migrations) {
    Variant {
        migrations = List.copyOf(migrations);
    }
}
