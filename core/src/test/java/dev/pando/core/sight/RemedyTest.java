package dev.pando.core.sight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.sql.Shaper;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RemedyTest {
    private static @Nullable String batched(String sql) {
        String shape =
                new Shaper().shape(sql.getBytes(StandardCharsets.UTF_8)).shape().toString();
        return Remedy.of(StatementEntry.Kind.of(Watched.planned(sql), shape), shape)
                .batched();
    }

    @Test
    void lookupsInOneTableByOneValueHaveABatchedForm() {
        assertThat(batched("SELECT * FROM items WHERE order_id = $1"))
                .isEqualTo("select * from items where order_id = ANY($1)");
        assertThat(batched("SELECT name, price FROM shop.items AS i WHERE i.order_id = 42"))
                .isEqualTo("select i.order_id, name, price from shop.items as i where i.order_id = ANY($1)");
        assertThat(batched("SELECT \"users\".* FROM \"users\" WHERE \"users\".\"id\" = $1 LIMIT $2"))
                .isEqualTo("select \"users\".* from \"users\" where \"users\".\"id\" = ANY($1)");
        assertThat(batched("SELECT id FROM t WHERE 'x'::text = name AND deleted_at IS NULL FOR UPDATE"))
                .isEqualTo("select name, id from t where name = ANY($1) and deleted_at is null for update");
        assertThat(batched("DELETE FROM items WHERE id = $1")).isEqualTo("delete from items where id = ANY($1)");
    }

    @Test
    void whateverWouldMeanSomethingElseHasNone() {
        assertThat(batched("SELECT count(*) FROM items WHERE order_id = $1")).isNull();
        assertThat(batched("SELECT * FROM items i JOIN orders o ON o.id = i.order_id WHERE o.id = $1"))
                .isNull();
        assertThat(batched("SELECT * FROM items, orders WHERE order_id = $1")).isNull();
        assertThat(batched("SELECT * FROM items WHERE order_id = $1 ORDER BY id"))
                .isNull();
        assertThat(batched("SELECT * FROM items WHERE tenant = $1 AND id = $2")).isNull();
        assertThat(batched("SELECT * FROM items WHERE id > $1")).isNull();
        assertThat(batched("SELECT * FROM items WHERE id = $1 OR id = $2")).isNull();
        assertThat(batched("SELECT * FROM items WHERE id = $1 + 1")).isNull();
        assertThat(batched("SELECT * FROM items WHERE NOT id = $1")).isNull();
        assertThat(batched("SELECT * FROM items WHERE id IN (1, 2)")).isNull();
        assertThat(batched("SELECT DISTINCT a FROM items WHERE id = $1")).isNull();
        assertThat(batched("SELECT a FROM items WHERE id = $1 UNION SELECT 1")).isNull();
        assertThat(batched("SELECT a FROM f(1) WHERE id = $1")).isNull();
        assertThat(batched("DELETE FROM items USING x WHERE id = $1")).isNull();
        assertThat(batched("DELETE FROM items WHERE id = $1 RETURNING *")).isNull();
    }

    @Test
    void writesAreToldWhatServesThem() {
        assertThat(Remedy.of(StatementEntry.Kind.INSERT, "insert into t values ( $1 )")
                        .advice())
                .contains("INSERT with many rows")
                .contains("COPY");
        assertThat(Remedy.of(StatementEntry.Kind.UPDATE, "update t set a = $1 where b = $2")
                        .advice())
                .contains("FROM (VALUES");
    }
}
