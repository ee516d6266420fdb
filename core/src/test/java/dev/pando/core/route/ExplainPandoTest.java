package dev.pando.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.grammar.Grammar;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.ParseTree;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What EXPLAIN (PANDO) tells a person: where, by which key, why not, and the way out. */
class ExplainPandoTest {
    private static final Grammar GRAMMAR = new Grammar(GrammarLimits.DEFAULT);

    @AfterAll
    static void close() {
        GRAMMAR.close();
    }

    @Test
    void oneShardNamesTheKeyAndItsFunction() {
        assertThat(lines("SELECT * FROM orders WHERE tenant_id = 1"))
                .startsWith("One shard: shard ")
                .contains("\"orders\" is sharded by (tenant_id), hash, group orders")
                .contains("key (tenant_id) of \"orders\" from 1, by hash");
    }

    @Test
    void aStatementWithoutKeySaysSoAndHowItIsMerged() {
        assertThat(lines("SELECT note FROM orders ORDER BY id LIMIT 3"))
                .startsWith("4 shards: 0, 1, 2, 3")
                .contains("no value for the key (tenant_id) of \"orders\": every shard")
                .contains("-> rows merged in order")
                .contains("-> LIMIT and OFFSET applied to the whole")
                .contains("shards run: SELECT note , id AS pando_1 FROM orders ORDER BY id LIMIT 3");
    }

    @Test
    void aRefusalNamesTheShapeAndTheWayOut() {
        assertThat(lines("SELECT stddev(total) FROM orders"))
                .startsWith("Refused")
                .contains("no value for the key (tenant_id) of \"orders\"")
                .contains("-> the aggregate stddev() is not supported across shards (PD3001)")
                .contains("Give the sharding key with =");
    }

    @Test
    void manyValuesAreCutShort() {
        assertThat(lines("SELECT * FROM orders WHERE tenant_id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)"))
                .contains("from 1, 2, 3, 4, 5, 6, 7, 8 and 3 more");
    }

    @Test
    void referenceTablesAreReadAnywhere() {
        assertThat(lines("SELECT * FROM settings"))
                .startsWith("Any one shard")
                .contains("\"settings\" is a reference table: the same on every shard");
    }

    private static String lines(String sql) {
        if (!(GRAMMAR.parse(sql) instanceof ParseTree tree)) {
            throw new AssertionError("not SQL: " + sql);
        }
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        Planned planned = Plans.planned(tree, bytes, SampleCatalog.of(4), SampleCatalog.SEARCH_PATH);
        Values values = Values.literals(planned.shaped());
        Resolution resolution = new Router(4).resolve(planned.plan(), values);
        return String.join("\n", ExplainPando.render(planned.plan(), resolution, values));
    }
}
