package dev.pando.core.route;

import dev.pando.core.topology.Placement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a COPY statement that decide how its data is cut into rows and fields; defaults as PostgreSQL's.
 *
 * @param placement the table's, null when it is not sharded
 * @param keyFields positions (from 0) of the key's columns in the copied column list
 * @param fields number of copied columns
 */
public record CopyShape(
        Placement.@Nullable Sharded placement,
        List<Integer> keyFields,
        int fields,
        Format format,
        char delimiter,
        String nullText,
        char quote,
        char escape,
        Header header) {
    public enum Format {
        TEXT,
        CSV,
        BINARY
    }

    public enum Header {
        NONE,
        SKIP,
        MATCH
    }

    public CopyShape {
        keyFields = List.copyOf(keyFields);
    }
}
