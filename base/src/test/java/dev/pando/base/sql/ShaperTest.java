package dev.pando.base.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShaperTest {
    private final Shaper shaper = new Shaper();

    private ShapedSql shaped(String sql) {
        return shaper.shape(sql.getBytes(StandardCharsets.UTF_8));
    }

    private String text(String sql) {
        return shaped(sql).shape().toString();
    }

    private static String at(String sql, Literal literal) {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        return new String(bytes, literal.start(), literal.end() - literal.start(), StandardCharsets.UTF_8);
    }

    @Test
    void statementsThatDifferInLiteralsOnlyShareAShape() {
        Shape shape = shaped("SELECT * FROM t WHERE id = 5 AND name = 'x'").shape();
        List<String> same = List.of(
                "select * from T where ID=77 and NAME=$$it's$$",
                "/* app:web */ select\n*\tfrom t -- here\nwhere id = 0x10 and name=E'\\n';",
                "select * from t where id=1_000 and name=U&'d\\0061t' uescape '!' ; ;");
        assertThat(same).allSatisfy(sql -> assertThat(shaped(sql).shape()).isEqualTo(shape));
        assertThat(shape).hasToString("select * from t where id = 0 and name = ''");
    }

    @Test
    void statementsThatDifferOtherwiseDoNot() {
        String base = "select a from t where id = 5";
        List<String> others = List.of(
                "select b from t where id = 5",
                "select \"A\" from t where id = 5",
                "select a from t where id = '5'",
                "select a from t where id = 5.0",
                "select a from t where id = -5",
                "select a from t where id = $1",
                "select a from t where id = n'5'",
                "select a from t where id in (5)",
                "select a from t where id in (5, 6)",
                "select a from t where id ? 5");
        assertThat(others).extracting(this::text).doesNotHaveDuplicates().doesNotContain(text(base));
        assertThat(text("select e''")).isNotEqualTo(text("select e ''"));
        assertThat(text("select n'a'")).isEqualTo(text("select nchar 'a'")).isNotEqualTo(text("select n 'a'"));
        assertThat(text("select $1")).isNotEqualTo(text("select $2"));
    }

    @Test
    void inListsAreOneSlot() {
        String sql = "select * from t where a in (1, -2, 3) and b in ('x', E'y') and c = 9";
        ShapedSql shaped = shaped(sql);
        assertThat(shaped.shape())
                .isEqualTo(shaped("select * from t where a in (7,8) and b in ('p','q','r') and c=1")
                        .shape());
        assertThat(shaped.slots()).isEqualTo(3);
        assertThat(shaped.literals()).isEqualTo(6);
        assertThat(shaped.slot(0)).extracting(l -> at(sql, l)).containsExactly("1", "-2", "3");
        assertThat(shaped.slot(0)).extracting(shaped::value).containsExactly("1", "-2", "3");
        assertThat(shaped.slot(1)).extracting(shaped::value).containsExactly("x", "y");
        assertThat(shaped.slot(2)).extracting(l -> at(sql, l)).containsExactly("9");
        assertThat(shaped.slotAt(sql.indexOf("-2"))).isZero();
        assertThat(shaped.slotAt(sql.indexOf("'y'") - 1)).isEqualTo(1);
        assertThat(shaped.slotAt(sql.indexOf('9'))).isEqualTo(2);
    }

    @Test
    void aListStartingWithAMinusIsFoldedToo() {
        assertThat(text("x in (-1, 2)")).isEqualTo(text("x in (1, - /* */ 2)")).isEqualTo("x in ( 0 , 0 )");
        ShapedSql shaped = shaped("x in (1, - /* */ 2_0)");
        assertThat(shaped.slot(0)).extracting(shaped::value).containsExactly("1", "-20");
    }

    @Test
    void otherListsAreLeftAlone() {
        assertThat(text("x in (1)")).isEqualTo("x in ( 0 )");
        assertThat(text("x in (1, a)")).isEqualTo("x in ( 0 , a )");
        assertThat(text("x in (1, 'a')")).isEqualTo("x in ( 0 , '' )");
        assertThat(text("x in (1, 2::int)")).isEqualTo("x in ( 0 , 0 :: int )");
        assertThat(text("x in (1, 2, -a)")).isEqualTo("x in ( 0 , 0 , - a )");
        assertThat(text("s.in(1, 2, 3)")).isEqualTo("s . in ( 0 , 0 , 0 )");
        assertThat(text("x in ((1), 2)")).isEqualTo("x in ( ( 0 ) , 0 )");
        ShapedSql shaped = shaped("x in (-1, a)");
        assertThat(shaped.slot(0)).extracting(shaped::value).containsExactly("1");
    }

    @Test
    void slotsAreFoundByPosition() {
        String sql = "select -5, 'abc', x - 7, a";
        ShapedSql shaped = shaped(sql);
        assertThat(shaped.slotAt(sql.indexOf("-5"))).isZero();
        assertThat(shaped.negativeAt(sql.indexOf("-5"))).isTrue();
        assertThat(shaped.slotAt(sql.indexOf('5'))).isZero();
        assertThat(shaped.slotAt(sql.indexOf("'abc'"))).isEqualTo(1);
        assertThat(shaped.slotAt(sql.indexOf("x"))).isEqualTo(-1);
        assertThat(shaped.slotAt(sql.indexOf("a", sql.indexOf("7")))).isEqualTo(-1);
        assertThat(shaped.slotAt(0)).isEqualTo(-1);
        assertThat(shaped("select a").slotAt(7)).isEqualTo(-1);
    }

    @Test
    void factsOfTheStatement() {
        assertThat(shaped("select $2, $10, $1").parameters()).isEqualTo(10);
        assertThat(shaped("select $99999999999").parameters()).isEqualTo(Integer.MAX_VALUE);
        assertThat(shaped("select 1;").multiple()).isFalse();
        assertThat(shaped("select 1;; -- x").multiple()).isFalse();
        assertThat(shaped(";select 1").multiple()).isFalse();
        assertThat(shaped("select 1; select 2").multiple()).isTrue();
        assertThat(shaped("select ';'").multiple()).isFalse();
        assertThat(shaped(" /* x */ ; -- y").empty()).isTrue();
        assertThat(shaped("-- hi\nEXPLAIN (PANDO) select").word(0)).isEqualTo("explain");
        assertThat(shaped("Create  TABLE t").word(1)).isEqualTo("table");
        assertThat(shaped("begin").word(1)).isEmpty();
        assertThat(shaped("select 'a").problem()).isEqualTo(LexProblem.UNTERMINATED_STRING);
        assertThat(shaped("select 'a").problemAt()).isEqualTo(7);
    }

    @Test
    void shapesAreIdempotentAndNothingIsThrownOnAnySoup() {
        long seed = 77L;
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] soup = SqlSoup.bytes(random);
            ShapedSql shaped = shaper.shape(soup);
            String once = shaped.shape().toString();
            String which = "seed " + seed + " round " + round + ": " + new String(soup, StandardCharsets.UTF_8);
            if (new String(soup, StandardCharsets.UTF_8).indexOf('\ufffd') < 0) {
                assertThat(text(once)).as(which).isEqualTo(once);
            }
            for (int slot = 0; slot < shaped.slots(); slot++) {
                int same = slot;
                assertThat(shaped.slot(slot)).as(which).isNotEmpty().allSatisfy(literal -> {
                    shaped.value(literal);
                    assertThat(shaped.slotAt(literal.start())).isEqualTo(same);
                    assertThat(shaped.slotAt(literal.end() - 1)).isEqualTo(same);
                });
            }
        }
    }

    @Test
    void literalsDecodeWithinAnyBuffer() {
        byte[] buffer = "######'a'\n'b'".getBytes(StandardCharsets.UTF_8);
        ShapedSql shaped = shaper.shape(buffer, 6, 3);
        assertThat(shaped.value(shaped.first(0))).isEqualTo("a");
    }

    @Test
    void aLongListIsOneSlotWithAllItsLiterals() {
        var sql = new StringBuilder("select * from t where id in (0");
        for (int i = 1; i < 100_000; i++) {
            sql.append(',').append(i);
        }
        ShapedSql shaped = shaped(sql.append(')').toString());
        assertThat(shaped.shape()).hasToString("select * from t where id in ( 0 , 0 )");
        assertThat(shaped.slot(0)).hasSize(100_000);
        assertThat(shaped.value(shaped.slot(0).getLast())).isEqualTo("99999");
    }
}
