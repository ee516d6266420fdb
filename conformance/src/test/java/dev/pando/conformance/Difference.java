package dev.pando.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A difference that is known.
 *
 * @param title topic and name of the exchange
 * @param on where all say the same
 * @param lines what PostgreSQL alone says ({@code -}) and what Pando alone says ({@code +})
 */
record Difference(String title, Set<Party> on, Status status, String why, List<String> lines) {
    static final String UNREVIEWED = "not reviewed";

    enum Status {
        /** Stays so. */
        ACCEPTED("accepted"),
        /** To be mended. */
        OPEN("open"),
        /** Refused with a code until Pando can do it. */
        NOT_YET("not yet");

        private final String words;

        Status(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    String text() {
        StringJoiner out = new StringJoiner("\n", "", "\n");
        out.add("== " + title)
                .add("on: " + Party.words(on))
                .add("status: " + status.words())
                .add("why: " + why);
        lines.forEach(out::add);
        return out.toString();
    }

    /** Entries parted by empty lines; whatever is above the first one is a comment. */
    static List<Difference> parse(String text) {
        List<Difference> differences = new ArrayList<>();
        for (String entry : text.split("(?m)^(?=== )", -1)) {
            if (entry.startsWith("== ")) {
                differences.add(one(entry.strip().lines().toList()));
            }
        }
        return differences;
    }

    private static Difference one(List<String> lines) {
        return new Difference(
                lines.getFirst().substring(3),
                Party.parse(value(lines.get(1), "on: ")),
                Arrays.stream(Status.values())
                        .filter(status -> lines.get(2).equals("status: " + status.words()))
                        .findFirst()
                        .orElseThrow(),
                value(lines.get(3), "why: "),
                List.copyOf(lines.subList(4, lines.size())));
    }

    private static String value(String line, String name) {
        if (!line.startsWith(name)) {
            throw new IllegalArgumentException("expected " + name + "in: " + line);
        }
        return line.substring(name.length());
    }
}
