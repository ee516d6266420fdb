package dev.pando.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page for users shows what the functions really render and really accept. */
class ShardingPageTest {
    @Test
    void showsTheSqlOfEachFunction() throws IOException {
        Map<String, String> countries = Map.of("shard.0", "US,CA,MX", "shard.1", "DE,FR,GB", "default", "2");
        Map<String, String> pins = Map.of("pins.3", "42,4711");
        shows("hash", Map.of(), 4, 1, KeyType.INT8, "\"id\"");
        shows("ring", Map.of(), 4, 0, KeyType.UUID, "\"id\"");
        shows("keyrange", Map.of(), 4, 1, KeyType.UUID, "\"id\"");
        shows("range", Map.of(), 3, 1, KeyType.TEXT, "\"name\"");
        shows("list", countries, 3, 1, KeyType.TEXT, "\"country\"");
        shows("list", countries, 3, 2, KeyType.TEXT, "\"country\"");
        shows("directory", pins, 4, 3, KeyType.INT8, "\"tenant_id\"");
        shows("directory", pins, 4, 0, KeyType.INT8, "\"tenant_id\"");
    }

    private static void shows(
            String name, Map<String, String> settings, int shards, int shard, KeyType type, String column)
            throws IOException {
        String sql =
                ShardingFunctions.parse(name, settings, shards, List.of(type)).checkSql(shard, List.of(column));
        String shortened = sql.replaceAll("(\\{[0-9a-f]{16},[0-9a-f]{16}),[^}]*}", "$1,…}");
        assertThat(page()).contains("```sql\n" + shortened + "\n```");
    }

    @Test
    void hasASectionForEachFunctionWithAllItsSettings() throws IOException {
        for (String name : ShardingFunctions.NAMES) {
            String section = page().split("\n## " + name + "\n", 2)[1].split("\n## ", 2)[0];
            Map<String, String> settings = name.equals("list") ? Map.of("shard.0", "a", "default", "0") : Map.of();
            ShardingFunction function = ShardingFunctions.parse(name, settings, 1, List.of(KeyType.TEXT));
            for (String setting : function.settings().keySet()) {
                if (!setting.startsWith("base.")) {
                    assertThat(section).as(name).contains("`" + setting + "`");
                }
            }
        }
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "sharding.md"));
    }
}
