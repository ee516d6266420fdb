package dev.pando.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.core.topology.Catalog;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.ParserService;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Planning takes a time in proportion to the statement: some of these took minutes, or memory in proportion to the square. */
class LongStatementsTest {
    private static String list(int count, String separator, IntFunction<String> item) {
        return IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(separator));
    }

    @Test
    @Timeout(60)
    void longStatementsArePlannedInOnePass() {
        Catalog catalog = SampleCatalog.of(4);
        String sums = list(2_400, ", ", i -> "score + " + i);
        try (var parser = new ParserService(1, 10, GrammarLimits.DEFAULT)) {
            Plans plans = new Plans(parser, new PlanCache(64L << 20));
            for (String sql : List.of(
                    "SELECT * FROM orders WHERE tenant_id IN (" + list(50_000, ",", String::valueOf) + ")",
                    "SELECT * FROM orders WHERE " + list(15_000, " AND ", i -> "tenant_id = " + i),
                    list(1_900, " UNION ALL ", i -> "SELECT id FROM orders WHERE tenant_id = 7"),
                    "SELECT " + sums + ", count(*) FROM users GROUP BY " + sums,
                    "SELECT id FROM users ORDER BY " + sums,
                    "SELECT * FROM orders t0 " + list(900, " ", i -> "JOIN orders t" + (i + 1) + " USING (tenant_id)"),
                    "SELECT 1 FROM " + list(10_000, ", ", i -> "orders t" + i))) {
                byte[] text = sql.getBytes(StandardCharsets.UTF_8);
                assertThat(plans.plan(text, catalog, SampleCatalog.SEARCH_PATH)
                                .toCompletableFuture()
                                .join())
                        .as(sql.substring(0, 30))
                        .isInstanceOf(Plans.Outcome.Ready.class);
            }
        }
    }
}
