package dev.pando.core.session;

import java.util.List;

/** A statement with its parameters: Long for a bigint (sent in binary or text), String for text. */
record Statement(String sql, List<Object> parameters) {
    static Statement of(String sql, Object... parameters) {
        return new Statement(sql, List.of(parameters));
    }

    /** With the parameters as literals. */
    String literal() {
        String text = sql;
        for (int i = parameters.size(); i >= 1; i--) {
            Object value = parameters.get(i - 1);
            text = text.replace("$" + i, value instanceof Long ? value.toString() : "'" + value + "'");
        }
        return text;
    }
}
