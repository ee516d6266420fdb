package dev.pando.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import org.junit.jupiter.api.Test;

class GrammarMemoryTest {
    @Test
    void memoryIsFlatOverManyParses() {
        try (var grammar = new Grammar(GrammarLimits.DEFAULT)) {
            Corpus.ACCEPTED.forEach(grammar::parse);
            Corpus.REFUSED.forEach(grammar::parse);
            long before = grammar.memoryBytes();
            int parses = 0;
            while (parses < 10_000) {
                Corpus.REFUSED.forEach(grammar::parse);
                for (int i = 0; i < 200; i++) {
                    grammar.parse("select * from users where id = " + i);
                }
                parses += 200 + Corpus.REFUSED.size();
            }
            assertThat(grammar.memoryBytes()).isEqualTo(before).isLessThan(48L << 20);
        }
    }

    @Test
    void anInstanceThatRanOutOfMemoryIsReplaced() {
        var limits = new GrammarLimits(8 << 20, 48 << 20, 4_000);
        try (var grammar = new Grammar(limits)) {
            grammar.parse("select 1");
            long before = grammar.memoryBytes();
            String rows = "insert into t values (1)" + ", (1)".repeat(400_000);
            assertThatThrownBy(() -> grammar.parse(rows))
                    .isInstanceOfSatisfying(
                            PandoException.class,
                            e -> assertThat(e.error()).isEqualTo(PandoError.STATEMENT_TOO_COMPLEX));
            assertThat(grammar.memoryBytes()).isZero();
            assertThat(grammar.parse("select 1")).isInstanceOf(ParseTree.class);
            assertThat(grammar.memoryBytes()).isEqualTo(before);
        }
    }

    @Test
    void everyStructOfTheCorpusHasItsTag() {
        try (var grammar = new Grammar(GrammarLimits.DEFAULT)) {
            assertThat(Corpus.ACCEPTED).allSatisfy(sql -> {
                ParseTree tree = (ParseTree) grammar.parse(sql);
                for (ParseTree.Statement statement : tree.statements()) {
                    statement.node().walk(node -> {
                        boolean nothing = node.fields().isEmpty();
                        assertThat(node.tag().isEmpty() && !nothing)
                                .as(node + " in " + sql)
                                .isFalse();
                    });
                }
            });
        }
    }
}
