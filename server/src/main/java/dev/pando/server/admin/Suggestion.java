package dev.pando.server.admin;

import dev.pando.core.config.NearMiss;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Guesses which command was meant by a statement that is none. */
final class Suggestion {
    private static final int LONGEST = 40;
    private static final String SHOW = "SHOW ";

    /** What other consoles call it. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("REPLICAS", "SHARDS"),
            Map.entry("NODES", "SHARDS"),
            Map.entry("LAG", "SHARDS"),
            Map.entry("POOL_NODES", "SHARDS"),
            Map.entry("SOCKETS", "CLIENTS"),
            Map.entry("CONNECTIONS", "CLIENTS"),
            Map.entry("QUERIES", "STATEMENTS"),
            Map.entry("PG_STAT_STATEMENTS", "STATEMENTS"),
            Map.entry("N+1", "REPEATS"),
            Map.entry("N_PLUS_ONE", "REPEATS"),
            Map.entry("PROCESSLIST", "CLIENTS"),
            Map.entry("BACKENDS", "SERVERS"),
            Map.entry("ALL", "CONFIG"),
            Map.entry("SETTINGS", "CONFIG"),
            Map.entry("COMMANDS", "HELP"));

    private Suggestion() {}

    /** The rest of the message: the likely command, or all of them. */
    static String of(String words, Collection<String> commands) {
        String likely = likely(words, commands);
        return likely == null ? "there are " + String.join(", ", commands) : "did you mean " + likely + "?";
    }

    private static @Nullable String likely(String words, Collection<String> commands) {
        List<String> parts = List.of(words.split(" ", -1));
        boolean show = parts.size() == 2 && NearMiss.closest(parts.getFirst(), List.of("SHOW", "LIST", "GET")) != null;
        if ((!show && parts.size() != 1) || words.length() > LONGEST) {
            return null;
        }
        String asked = parts.getLast();
        String alias = ELSEWHERE.get(asked);
        String meant = alias != null
                ? alias
                : NearMiss.closest(
                        asked,
                        commands.stream()
                                .filter(command -> command.startsWith(SHOW))
                                .map(command -> command.substring(SHOW.length()))
                                .toList());
        return meant == null ? null : SHOW + meant;
    }
}
