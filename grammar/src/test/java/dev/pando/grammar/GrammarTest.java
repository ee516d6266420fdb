package dev.pando.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class GrammarTest {
    private static final Grammar GRAMMAR = new Grammar(GrammarLimits.DEFAULT);

    @AfterAll
    static void close() {
        GRAMMAR.close();
    }

    private static ParseTree tree(String sql) {
        return (ParseTree) GRAMMAR.parse(sql);
    }

    private static Node only(String sql) {
        assertThat(tree(sql).statements()).hasSize(1);
        return tree(sql).statements().getFirst().node();
    }

    @Test
    void statementsHaveTheirPlace() {
        String sql = "select 1;  -- two\n insert into t values ('ä') ; ";
        List<ParseTree.Statement> statements = tree(sql).statements();
        assertThat(statements).extracting(s -> s.node().tag()).containsExactly("SelectStmt", "InsertStmt");
        assertThat(statements).extracting(ParseTree.Statement::location).containsExactly(0, 19);
        assertThat(statements.getFirst().length()).isEqualTo(8);
        assertThat(tree(" /* x */ select 1").statements().getFirst().location()).isEqualTo(9);
        assertThat(tree(" ; -- nothing\n;").statements()).isEmpty();
        assertThat(tree("select 'ä'").statements().getFirst().length()).isEqualTo(11);
    }

    @Test
    void fieldsReadAsPostgresDeclaresThem() {
        Node select = only("select u.name from users u where id = -7 and x in (0, 'a') limit 5");
        assertThat(select.text("op")).isEqualTo("SETOP_NONE");
        Node table = select.list("fromClause").getFirst();
        assertThat(table.tag()).isEqualTo("RangeVar");
        assertThat(table.text("relname")).isEqualTo("users");
        assertThat(table.flag("inh")).isTrue();
        assertThat(table.child("alias")).extracting(Node::tag).isEqualTo("Alias");
        assertThat(select.all("ColumnRef").getFirst().names("fields")).containsExactly("u", "name");
        assertThat(select.all("A_Const")).extracting(Node::constant).containsExactlyInAnyOrder("-7", "0", "a", "5");
        assertThat(select.all("A_Const")).extracting(Node::location).contains(38, 51, 54, 65);
        assertThat(only("select null, true, false, 1.50, b'01'").all("A_Const"))
                .extracting(Node::constant)
                .containsExactly(null, "true", "false", "1.50", "b01");
    }

    @Test
    void everyCharacterOfALiteralArrives() {
        for (char c = 1; c < 0x300; c++) {
            String value = "a" + (c == '\'' ? "''" : c) + "b";
            assertThat(only("select '" + value + "'").all("A_Const").getFirst().constant())
                    .isEqualTo("a" + c + "b");
        }
        assertThat(only("select '\ud83d\ude00\u2028'").all("A_Const").getFirst().constant())
                .isEqualTo("\ud83d\ude00\u2028");
    }

    @Test
    void aWalkMeetsRelationsThatAreNotWrapped() {
        assertThat(only("with c as (select 1 from a) insert into b select * from c union select * from d")
                        .all("RangeVar"))
                .extracting(node -> node.text("relname"))
                .containsExactlyInAnyOrder("a", "b", "c", "d");
        assertThat(only("select pando.distribute('users', 'id', colocate_with => 'x')")
                        .all("NamedArgExpr"))
                .extracting(node -> node.text("name"))
                .containsExactly("colocate_with");
    }

    @Test
    void errorsArePostgresOwn() {
        assertThat(GRAMMAR.parse("select 'ä' from from x"))
                .isEqualTo(new SyntaxProblem("42601", "syntax error at or near \"from\"", 17));
        assertThat(GRAMMAR.parse("select")).isInstanceOf(ParseTree.class);
        assertThat(GRAMMAR.parse("select 'abc"))
                .isEqualTo(new SyntaxProblem("42601", "unterminated quoted string at or near \"'abc\"", 8));
        assertThat(GRAMMAR.parse("selec 1")).isInstanceOf(SyntaxProblem.class);
    }

    @Test
    void limitsAreNamedAndTheNextStatementWorks() {
        assertThatThrownBy(() -> GRAMMAR.parse("select '" + "x".repeat(1 << 20) + "'"))
                .asInstanceOf(InstanceOfAssertFactories.type(PandoException.class))
                .extracting(PandoException::error)
                .isEqualTo(PandoError.STATEMENT_TOO_LONG);
        assertThat(GRAMMAR.parse("select 1")).isInstanceOf(ParseTree.class);
    }

    @Test
    void plpgsqlIsReadAsPostgresReadsIt() {
        ParseTree tree = (ParseTree) GRAMMAR.parsePlpgsql("""
                DO $$ DECLARE n int; low orders.id%TYPE; BEGIN
                  SELECT count(*) INTO n FROM orders;
                  IF n > 0 THEN EXECUTE 'DROP TABLE ' || 'a'; END IF;
                EXCEPTION WHEN duplicate_object THEN NULL; END $$""");

        assertThat(tree.statements()).hasSize(1);
        Node function = tree.statements().getFirst().node();
        assertThat(function.tag()).isEqualTo("PLpgSQL_function");
        assertThat(function.all("PLpgSQL_expr"))
                .extracting(expression -> expression.text("query").replaceAll("\\s+", " "))
                .containsExactly("SELECT count(*) FROM orders", "n > 0", "'DROP TABLE ' || 'a'");
        assertThat(function.all("PLpgSQL_condition"))
                .extracting(condition -> condition.text("condname"))
                .containsExactly("duplicate_object");
        assertThat(GRAMMAR.parsePlpgsql("DO $$ BEGIN wrong $$")).isInstanceOf(SyntaxProblem.class);
        assertThat(((ParseTree) GRAMMAR.parsePlpgsql("SELECT 1")).statements()).isEmpty();
    }
}
