package dev.pando.rehearse.traffic;

import java.util.List;

/**
 * A statement of a client.
 *
 * @param values of its parameters, as text
 * @param table it is about, empty when that is not known
 */
public record Request(String sql, List<String> values, String table) {
    public Request {
        values = List.copyOf(values);
    }
}
