package dev.pando.conformance;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A Pando that is compared with PostgreSQL. */
enum Party {
    ONE_SHARD(1, "transaction", "one shard"),
    THREE_SHARDS(3, "transaction", "three shards"),
    ONE_IN_SESSION_MODE(1, "session", "one shard in session mode"),
    THREE_IN_SESSION_MODE(3, "session", "three shards in session mode");

    static final List<String> MODES = List.of("transaction", "session");
    private static final String AND = " + ";

    private final int shards;
    private final String mode;
    private final String words;

    Party(int shards, String mode, String words) {
        this.shards = shards;
        this.mode = mode;
        this.words = words;
    }

    int shards() {
        return shards;
    }

    String mode() {
        return mode;
    }

    static List<Party> in(String mode) {
        return Arrays.stream(values()).filter(party -> party.mode.equals(mode)).toList();
    }

    static String words(Set<Party> parties) {
        return parties.stream().map(party -> party.words).collect(Collectors.joining(AND));
    }

    static Set<Party> parse(String words) {
        Set<Party> parties = EnumSet.noneOf(Party.class);
        for (String each : List.of(words.split(" \\+ ", -1))) {
            parties.add(Arrays.stream(values())
                    .filter(party -> party.words.equals(each))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no party: " + each)));
        }
        return parties;
    }

    /** For the page: before how many shards it is so in this mode. */
    static String shards(Set<Party> parties, String mode) {
        List<Party> there =
                parties.stream().filter(party -> party.mode.equals(mode)).toList();
        return switch (there.size()) {
            case 0 -> "";
            case 1 -> there.getFirst().shards == 1 ? "one shard" : "three shards";
            default -> "both";
        };
    }
}
