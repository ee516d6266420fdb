package dev.pando.server.http;

import dev.pando.server.admin.StatementOrder;
import org.jspecify.annotations.Nullable;

/** The parameters of {@code GET /api/v1/statements}: {@code order} and {@code limit}. A minus before the order turns it round. */
record StatementsQuery(StatementOrder order, boolean ascending, int limit) {
    static final int USUAL = 100;

    /** What is wrong with them, in one line; null when nothing is. */
    static @Nullable String problem(String query) {
        for (String parameter : query.split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            String value = parts.length == 2 ? parts[1] : "";
            switch (parts[0]) {
                case "order" -> {
                    if (StatementOrder.named(unsigned(value)) == null) {
                        return "order is one of " + String.join(", ", StatementOrder.words())
                                + "; with a minus before it the smallest comes first";
                    }
                }
                case "limit" -> {
                    if (!value.matches("[0-9]{1,6}")) {
                        return "limit is a whole number up to 999999";
                    }
                }
                default -> {
                    return "the only parameters are order and limit";
                }
            }
        }
        return null;
    }

    private static String unsigned(String value) {
        return value.startsWith("-") ? value.substring(1) : value;
    }

    /** Of a query without a {@link #problem}. */
    static StatementsQuery of(@Nullable String query) {
        StatementOrder order = StatementOrder.TOTAL_TIME;
        boolean ascending = false;
        int limit = USUAL;
        for (String parameter : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            String value = parameter.substring(parameter.indexOf('=') + 1);
            if (parameter.startsWith("limit=")) {
                limit = Integer.parseInt(value);
            } else {
                StatementOrder named = StatementOrder.named(unsigned(value));
                order = named == null ? order : named;
                ascending = value.startsWith("-");
            }
        }
        return new StatementsQuery(order, ascending, limit);
    }
}
