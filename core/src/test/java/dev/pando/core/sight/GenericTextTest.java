package dev.pando.core.sight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import dev.pando.core.route.Planned;
import dev.pando.grammar.Grammar;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.ParseTree;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class GenericTextTest {
    private static final Grammar GRAMMAR = new Grammar(GrammarLimits.DEFAULT);

    @AfterAll
    static void end() {
        GRAMMAR.close();
    }

    private static @Nullable String outline(String sql) {
        Planned planned = Watched.planned(sql);
        return Outline.of(planned.shaped().shape().upTo(StatementText.LONGEST), planned);
    }

    private static String generic(String sql) {
        String outline = String.valueOf(outline(sql));
        String generic = GenericText.of((ParseTree) GRAMMAR.parse(outline), outline);
        assertThat(GRAMMAR.parse(generic)).as(generic).isInstanceOf(ParseTree.class);
        return generic;
    }

    private static void refuses(String sql, String why) {
        assertThatThrownBy(() -> generic(sql))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining(why);
    }

    @Test
    void valuesBecomeParametersOfTheLiteralsTypes() {
        assertThat(generic("SELECT a FROM t WHERE id = 4711 AND b = 'x' AND c > 1.5 AND d = B'101' AND e = -7"))
                .isEqualTo("select a from t where id = ($1::int) and b = $2 and c > ($3::numeric)"
                        + " and d = ($4::pg_catalog.\"bit\") and e = ($5::int)");
        assertThat(generic(
                        "INSERT INTO t (a, b) VALUES (1, E'x\\n'), (2, $$y$$) ON CONFLICT (a) DO UPDATE SET b = 'z'"))
                .isEqualTo("insert into t ( a , b ) values ( ($1::int) , $2 ) , ( ($3::int) , $4 )"
                        + " on conflict ( a ) do update set b = $5");
        assertThat(generic("UPDATE t SET a = a + 1, b = NULL, c = true WHERE id IN (1, 2, 3, 4)"))
                .isEqualTo(
                        "update t set a = a + ($1::int) , b = null , c = true where id in ( ($2::int) , ($3::int) )");
        assertThat(generic("DELETE FROM t WHERE d < '2026-01-01'::date AND n = '5'::numeric(10, 2)"))
                .isEqualTo("delete from t where d < $1 :: date and n = $2 :: numeric ( 10 , 2 )");
        assertThat(generic("SELECT a FROM t ORDER BY b LIMIT 10 OFFSET 5"))
                .isEqualTo("select a from t order by b limit ($1::int) offset ($2::int)");
        assertThat(generic("SELECT a FROM t ORDER BY b FETCH FIRST 10 ROWS ONLY"))
                .isEqualTo("select a from t order by b fetch first ($1::int) rows only");
    }

    @Test
    void parametersOfTheStatementStayAndOthersFollow() {
        assertThat(generic("SELECT a FROM t WHERE id = $1 AND b = $3 AND c = 7"))
                .isEqualTo("select a from t where id = $1 and b = $3 and c = ($4::int)");
    }

    @Test
    void positionsAndModifiersOfTypesStay() {
        assertThat(
                        generic(
                                "SELECT b, count(*), 7 FROM t WHERE c = 9 GROUP BY 1, 3 HAVING count(*) > 2 ORDER BY 2 DESC, 1 LIMIT 3"))
                .isEqualTo("select b , count ( * ) , ($1::int) from t where c = ($2::int) group by 1 , 3"
                        + " having count ( * ) > ($3::int) order by 2 desc , 1 limit ($4::int)");
        assertThat(
                        generic(
                                "SELECT a::numeric(10, 0), cast(b AS varchar(20)), c::ext.vector(3)::int, f(8) FROM t ORDER BY a + 1"))
                .isEqualTo("select a :: numeric ( 10 , 00 ) , cast ( b as varchar ( 20 ) ) ,"
                        + " c :: ext . vector ( 3 ) :: int , f ( ($1::int) ) from t order by a + ($2::int)");
        assertThat(
                        generic(
                                "SELECT a FROM t WHERE b::int = 5 AND g(6, 7) UNION SELECT 8 FROM t GROUP BY 1 UNION SELECT 9, 4 ORDER BY 1"))
                .isEqualTo("select a from t where b :: int = ($1::int) and g ( ($2::int) , ($3::int) )"
                        + " union select ($4::int) from t group by 1 union select ($5::int) , ($6::int) order by 1");
        assertThat(generic("SELECT x::int AND f(3) FROM t WHERE a IN (SELECT b FROM u ORDER BY 1) AND c = 2"))
                .isEqualTo("select x :: int and f ( ($1::int) ) from t where a in ( select b from u order by 1 )"
                        + " and c = ($2::int)");
    }

    @Test
    void literalsBehindTheNameOfTheirTypeBecomeCasts() {
        assertThat(generic("SELECT a FROM t WHERE d > now() - interval '1 day' AND e = DATE '2026-01-01' AND f = 3"))
                .isEqualTo(
                        "select a from t where d > now ( ) - CAST($1 AS interval) and e = CAST($2 AS date) and f = ($3::int)");
        assertThat(
                        generic(
                                "SELECT interval '1' day, interval '1 2' DAY TO HOUR, timestamp(3) with time zone 'now' FROM t"))
                .isEqualTo("select CAST($1 AS interval day) , CAST($2 AS interval day to hour) ,"
                        + " CAST($3 AS timestamp ( 3 ) with time zone) from t");
        assertThat(generic("SELECT interval(3) '1 s', ext.box '(1,2)' FROM t"))
                .isEqualTo("select CAST($1 AS interval ( 3 )) , CAST($2 AS ext . box) from t");
    }

    @Test
    void whatTheTokensDoNotTellIsRefusedAndNeverGuessed() {
        refuses("SELECT a, b FROM t GROUP BY ROLLUP (1, 2)", "ORDER BY or GROUP BY");
        refuses("SELECT DISTINCT ON (1) a, b FROM t", "ORDER BY or GROUP BY");
        refuses("SELECT a FROM t ORDER BY (0)", "ORDER BY or GROUP BY");
    }

    @Test
    void statementsThatPostgresExplainsNotHaveNoOutline() {
        for (String sql :
                new String[] {"SET a = 1", "VACUUM t", "COPY t TO STDOUT", "BEGIN", "CALL p(1)", "EXECUTE q(1)"}) {
            assertThat(outline(sql)).as(sql).isNull();
        }
        assertThat(outline("SELECT " + "a, ".repeat(1_000) + "b FROM t")).isNull();
        assertThat(outline("SELECT 'not closed")).isNull();
    }

    @Test
    void anOutlineHasNoValues() {
        assertThat(
                        outline(
                                "SELECT 'geheim', 4711, $$geheim$$, E'geheim', f(42) FROM t WHERE a = 4712 ORDER BY 1 LIMIT 4713"))
                .isEqualTo("select '' , 0 , '' , '' , f ( 0 ) from t where a = 0 order by 1 limit 0");
        assertThat(outline("SELECT a FROM t WHERE b = 1")).isEqualTo("select a from t where b = 0");
        assertThat(outline(
                        "WITH c AS MATERIALIZED (SELECT a, 4711, 12 FROM t), d AS NOT MATERIALIZED (SELECT b, 42, 7 FROM u)"
                                + " SELECT a FROM c ORDER BY 1"))
                .isEqualTo(
                        "with c as materialized ( select a , 0 , 0 from t ) , d as not materialized ( select b , 0 , 0 from u )"
                                + " select a from c order by 1");
    }
}
