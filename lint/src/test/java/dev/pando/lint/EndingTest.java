package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

class EndingTest {
    @Command
    static final class Failing implements Callable<Integer> {
        private final Ending.Work work;

        @Spec
        CommandSpec spec;

        @SuppressWarnings("NullAway.Init") // picocli fills it before call()
        Failing(Ending.Work work) {
            this.work = work;
        }

        @Override
        public Integer call() throws InterruptedException {
            return Ending.of(spec, work);
        }
    }

    private static String said(Ending.Work work) {
        StringWriter err = new StringWriter();
        int code = new CommandLine(new Failing(work))
                .setErr(new PrintWriter(err, true))
                .execute();
        assertThat(code).isEqualTo(2);
        return err.toString();
    }

    @ParameterizedTest
    @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class, NoClassDefFoundError.class})
    void errorsOfTheMachineAreOneLine(Class<? extends Error> kind) {
        String said = said(() -> {
            throw made(kind);
        });

        assertThat(said.lines()).singleElement().asString().startsWith("pando: ");
    }

    private static Error made(Class<? extends Error> kind) {
        try {
            return kind.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @Test
    void memoryThatIsNotEnoughIsSaidSo() {
        assertThat(said(() -> {
                    throw new OutOfMemoryError("Java heap space");
                }))
                .isEqualTo("pando: it takes more memory than Java has: java.lang.OutOfMemoryError: Java heap space\n");
    }
}
