package dev.pando.rehearse.traffic;

import java.util.List;

/**
 * A statement of a client.
 *
 * @param values of its parameters, as text
 * @param tables it uses, none when that is not known
 */
public record Request(String sql, List<String> values, List<String> tables) {
    public Request {
        values = List.copyOf(values);
        tables = List.copyOf(tables);
    }
}
