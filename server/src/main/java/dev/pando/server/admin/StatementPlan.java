package dev.pando.server.admin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How servers would run a statement, whatever its values.
 *
 * @param id of the statement, as SHOW STATEMENTS tells it
 * @param asked what the servers were asked; of several versions each in its own way, one a line
 * @param plans those that differ in more than estimates
 */
public record StatementPlan(long id, String database, String user, String asked, List<OnShards> plans) {
    private static final Pattern ESTIMATES = Pattern.compile(" +\\(cost=[^)]*\\)");
    private static final Pattern COST = Pattern.compile("\\(cost=[0-9.]+\\.\\.([0-9.]+) ");

    public StatementPlan {
        plans = List.copyOf(plans);
    }

    /**
     * The plan of some shards.
     *
     * @param shards their names, that of the lines first
     * @param lines as EXPLAIN has them, of the shard where it costs most
     */
    public record OnShards(List<String> shards, List<String> lines) {
        public OnShards {
            shards = List.copyOf(shards);
            lines = List.copyOf(lines);
        }
    }

    /** Of shards that would do the same one stands for all: the one that expects the most work. The dearest plan comes first. */
    public static List<OnShards> alike(Map<String, List<String>> linesByShard) {
        Map<List<String>, List<Map.Entry<String, List<String>>>> alike = new LinkedHashMap<>();
        linesByShard
                .entrySet()
                .forEach(shard -> alike.computeIfAbsent(bare(shard.getValue()), first -> new ArrayList<>())
                        .add(shard));
        Comparator<Map.Entry<String, List<String>>> dearest =
                Comparator.comparingDouble((Map.Entry<String, List<String>> shard) -> -cost(shard.getValue()));
        return alike.values().stream()
                .map(shards -> shards.stream().sorted(dearest).toList())
                .sorted(Comparator.comparing(List::getFirst, dearest))
                .map(shards -> new OnShards(
                        shards.stream().map(Map.Entry::getKey).toList(),
                        shards.getFirst().getValue()))
                .toList();
    }

    private static List<String> bare(List<String> lines) {
        return lines.stream()
                .map(line -> ESTIMATES.matcher(line).replaceAll(""))
                .toList();
    }

    /** What the server expects all of it to cost. */
    private static double cost(List<String> lines) {
        Matcher found = COST.matcher(lines.isEmpty() ? "" : lines.getFirst());
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }
}
