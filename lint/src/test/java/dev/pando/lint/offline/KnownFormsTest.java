package dev.pando.lint.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.Node;
import dev.pando.grammar.ParseTree;
import dev.pando.grammar.ParserService;
import dev.pando.lab.Major;
import dev.pando.lint.offline.KnownForms.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Statements of the corpus that are of one form did the same on the server: else the form leaves out what matters. */
class KnownFormsTest {
    @Test
    void whatIsOfOneFormDidTheSame() {
        try (var service = new ParserService(1, 16, GrammarLimits.DEFAULT)) {
            for (Major major : Major.values()) {
                var forms = new KnownForms(major, sql -> statements(service, sql));
                List<String> apart = new ArrayList<>();
                for (Map.Entry<String, List<Example>> form : forms.examples().entrySet()) {
                    long different = form.getValue().stream()
                            .map(Example::doing)
                            .distinct()
                            .count();
                    if (different > 1) {
                        apart.add(form.toString());
                    }
                }
                assertThat(apart).as(major.toString()).isEmpty();
                assertThat(forms.entries()).as(major.toString()).isGreaterThan(100);
            }
        }
    }

    private static List<Node> statements(ParserService service, String sql) {
        return service.parse(sql).toCompletableFuture().join() instanceof ParseTree tree
                ? tree.statements().stream().map(ParseTree.Statement::node).toList()
                : List.of();
    }
}
