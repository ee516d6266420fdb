package dev.pando.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParserServiceTest {
    private static ParseResult wait(CompletableFuture<ParseResult> reply) {
        return reply.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static PandoError error(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        assertThat(cause).isInstanceOf(PandoException.class);
        return ((PandoException) cause).error();
    }

    @Test
    void twoThreadsAnswerEachStatementWithItsOwnTree() {
        try (var service = new ParserService(2, 4_000, GrammarLimits.DEFAULT)) {
            List<CompletableFuture<ParseResult>> replies = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                replies.add(service.parse("select a" + i + " from t" + i).toCompletableFuture());
            }
            for (int i = 0; i < replies.size(); i++) {
                Node select = ((ParseTree) wait(replies.get(i)))
                        .statements()
                        .getFirst()
                        .node();
                assertThat(select.all("RangeVar").getFirst().text("relname")).isEqualTo("t" + i);
            }
        }
    }

    @Test
    void whatDoesNotFitIntoTheQueueIsRefusedAtOnce() {
        try (var service = new ParserService(1, 2, GrammarLimits.DEFAULT)) {
            List<CompletableFuture<ParseResult>> replies = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                replies.add(service.parse("select 1" + "+1".repeat(900)).toCompletableFuture());
            }
            List<Throwable> refused = replies.stream()
                    .filter(CompletableFuture::isCompletedExceptionally)
                    .map(CompletableFuture::exceptionNow)
                    .toList();
            assertThat(refused)
                    .isNotEmpty()
                    .allSatisfy(e -> assertThat(error(e)).isEqualTo(PandoError.PARSER_BUSY));
            replies.stream().filter(reply -> !refused.contains(failure(reply))).forEach(ParserServiceTest::wait);
        }
    }

    @Test
    void aShortTextDoesNotWaitForLongOnes() {
        try (var service = new ParserService(1, 100, GrammarLimits.DEFAULT)) {
            wait(service.parse("select 1").toCompletableFuture());
            List<CompletableFuture<ParseResult>> replies = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                replies.add(service.parse("insert into t values (1)" + ", (1)".repeat(20_000))
                        .toCompletableFuture());
            }
            wait(service.parse("select 2").toCompletableFuture());
            assertThat(replies).anyMatch(reply -> !reply.isDone());
            replies.forEach(reply -> assertThat(wait(reply)).isInstanceOf(ParseTree.class));
        }
    }

    private static Object failure(CompletableFuture<ParseResult> reply) {
        return reply.isCompletedExceptionally() ? reply.exceptionNow() : reply;
    }

    @Test
    void deepAndLargeStatementsAreAnsweredAndTheNextOneWorks() {
        try (var service = new ParserService(1, 100, GrammarLimits.DEFAULT)) {
            String deep = "select " + "(".repeat(100_000) + "1" + ")".repeat(100_000);
            assertThat(wait(service.parse(deep).toCompletableFuture()))
                    .isInstanceOfSatisfying(
                            SyntaxProblem.class,
                            problem -> assertThat(problem.message()).startsWith("memory exhausted"));
            String chain = "select 1" + "+1".repeat(100_000);
            assertThatThrownBy(() -> wait(service.parse(chain).toCompletableFuture()))
                    .satisfies(e -> assertThat(error(e)).isEqualTo(PandoError.STATEMENT_TOO_COMPLEX));
            String rows = "insert into t values (1)" + ", (1)".repeat(150_000);
            ParseTree insert = (ParseTree) wait(service.parse(rows).toCompletableFuture());
            assertThat(insert.statements()).hasSize(1);
            assertThat(wait(service.parse("select 1").toCompletableFuture())).isInstanceOf(ParseTree.class);
        }
    }

    @Test
    void aClosedServiceRefuses() {
        var service = new ParserService(1, 10, GrammarLimits.DEFAULT);
        service.close();
        assertThatThrownBy(() -> wait(service.parse("select 1").toCompletableFuture()))
                .satisfies(e -> assertThat(error(e)).isEqualTo(PandoError.PARSER_BUSY));
    }
}
