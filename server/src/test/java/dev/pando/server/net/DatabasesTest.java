package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.core.config.PandoConfig;
import dev.pando.core.route.PlanCache;
import dev.pando.core.route.Plans;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.ParserService;
import dev.pando.server.code.JudgedCatalogs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class DatabasesTest {
    private static final ParserService PARSER = new ParserService(1, 10, GrammarLimits.DEFAULT);
    private static final Plans PLANS = new Plans(PARSER, new PlanCache(1 << 20));
    private static final Duration IDLE = Duration.ofSeconds(10);

    @AfterAll
    static void stop() {
        PARSER.close();
    }

    private static PandoConfig config(String settings) {
        return Running.config(List.of(), settings);
    }

    private static String entry(String name, String more) {
        return "[[databases]]\nname = \"" + name + "\"\nservers = [\"h:1\"]\n" + more + "\n";
    }

    private static Databases databases(String settings) {
        return new Databases(config(settings), null, name -> new PlainBackstage(name, PLANS, new JudgedCatalogs()));
    }

    private static long at(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void aNamedOneStaysAndOneMadeOnTheFlyIsForgottenWhenItHasBeenIdle() {
        Databases all = databases(entry("a", "") + entry("*", "dbname = \"one_for_all\""));
        Database made = all.entered("b");
        assertThat(made.pooling().dbname()).isEqualTo("one_for_all");
        assertThat(all.entered("b")).isSameAs(made);
        all.left(made, at(1));
        all.forgetIdle(at(100), IDLE, database -> false);
        assertThat(all.all()).extracting(Database::name).containsExactly("a", "b");
        all.left(made, at(100));
        all.forgetIdle(at(109), IDLE, database -> false);
        assertThat(all.has(made)).isTrue();
        all.forgetIdle(at(110), IDLE, database -> true);
        assertThat(all.has(made)).isTrue();
        all.forgetIdle(at(110), IDLE, database -> false);
        assertThat(all.has(made)).isFalse();
        assertThat(all.all()).extracting(Database::name).containsExactly("a");
        assertThat(all.entered("b")).isNotSameAs(made);
    }

    @Test
    void whenTheBoundIsReachedTheIdlestGoes() {
        Databases all = databases("[limits]\nmax_wildcard_databases = 2\n" + entry("*", ""));
        Database a = all.entered("a");
        Database b = all.entered("b");
        assertThatThrownBy(() -> all.entered("c"))
                .hasMessageContaining("2 such databases have clients, the limit is 2");
        all.left(b, at(1));
        all.left(a, at(2));
        all.entered("c");
        assertThat(all.all()).extracting(Database::name).containsExactly("a", "c");
    }

    @Test
    void aReloadRedefinesWhatStaysAndDropsTheRest() {
        Databases all = databases(entry("a", "pool_size = 3") + entry("b", "") + entry("*", ""));
        Database a = all.entered("a");
        Database b = all.entered("b");
        Database c = all.entered("c");
        all.reconfigure(config(entry("a", "pool_size = 4") + entry("c", "pool_size = 5")));
        assertThat(all.entered("a")).isSameAs(a);
        assertThat(a.pooling().size()).isEqualTo(4);
        assertThat(all.has(b)).isFalse();
        assertThat(b.clients()).isEqualTo(1);
        assertThat(all.has(c)).isFalse();
        assertThat(all.entered("c").pooling().size()).isEqualTo(5);
        assertThatThrownBy(() -> all.entered("b")).hasMessageContaining("\"b\" does not exist");
    }
}
