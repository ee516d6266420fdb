package dev.pando.rehearse.rows;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a row has to satisfy: a CHECK, or the bounds of a partition.
 *
 * @param condition null for what a domain asks, which the cast to it tells
 */
record Check(@Nullable String condition, List<String> columns) {
    Check {
        columns = List.copyOf(columns);
    }
}
