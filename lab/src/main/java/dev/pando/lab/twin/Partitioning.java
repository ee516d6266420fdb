package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a table is to be partitioned, as {@code orders BY RANGE (created) EVERY 1 month}, {@code orders BY RANGE (id) AT (1000, 2000)},
 * {@code orders BY LIST (status)} (each common value for itself, the others together) or {@code orders BY HASH (customer) MODULUS 8}.
 */
record Partitioning(
        String text,
        String table,
        String strategy,
        String key,
        @Nullable String every,
        @Nullable String at,
        @Nullable Integer modulus) {
    private static final Pattern TEXT = Pattern.compile(
            "\\s*(?<table>.+?)\\s+BY\\s+(?:RANGE\\s*\\((?<range>[^()]+)\\)\\s*(?:EVERY\\s+(?<every>.+)|AT\\s*\\((?<at>.+)\\))"
                    + "|LIST\\s*\\((?<list>[^()]+)\\)|HASH\\s*\\((?<hash>[^()]+)\\)\\s*MODULUS\\s+(?<modulus>\\d{1,4}))\\s*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    static Partitioning of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new PandoException(
                    PandoError.EXPLAIN_REFUSED,
                    text,
                    "say TABLE BY RANGE (COLUMN) EVERY WIDTH, … AT (BOUND, …), BY LIST (COLUMN) or BY HASH (COLUMN) MODULUS NUMBER");
        }
        for (String strategy : new String[] {"range", "list", "hash"}) {
            String key = matcher.group(strategy);
            if (key != null) {
                String modulus = matcher.group("modulus");
                return new Partitioning(
                        text.strip(),
                        matcher.group("table"),
                        strategy.toUpperCase(Locale.ROOT),
                        key.strip(),
                        matcher.group("every"),
                        matcher.group("at"),
                        modulus == null ? null : Integer.valueOf(modulus));
            }
        }
        throw new IllegalStateException(text);
    }

    PandoException refused(String why) {
        return new PandoException(PandoError.PARTITIONS_REFUSED, text, why);
    }
}
