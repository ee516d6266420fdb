package dev.pando.lint;

import dev.pando.base.error.IoProblem;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.SessionEnded;
import dev.pando.lint.output.Paint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** How commands end whose exit code 1 says that they found something: what keeps them from their work is one line and another code. */
public final class Ending {
    /** Wrong use, or no server. */
    public static final int WRONG_USE = 2;

    private Ending() {}

    /** What a command does, up to its exit code. */
    @FunctionalInterface
    public interface Work {
        int run() throws IOException, SQLException, InterruptedException;
    }

    public static int of(CommandSpec command, Work work) throws InterruptedException {
        String problem;
        try {
            return work.run();
        } catch (PandoException e) {
            problem = line(e);
        } catch (IOException e) {
            problem = IoProblem.line(e);
        } catch (UncheckedIOException e) {
            problem = IoProblem.line(e);
        } catch (SQLException e) {
            String ended = SessionEnded.reason(e);
            problem = ended == null
                    ? String.valueOf(e.getMessage())
                    : line(PandoException.causedBy(e, PandoError.SESSION_ENDED, "a session", ended));
        } catch (ParameterException e) {
            throw e; // picocli shows the usage
        } catch (RuntimeException e) {
            problem = line(PandoException.causedBy(e, PandoError.BUG, e));
        } catch (OutOfMemoryError e) {
            problem = "it takes more memory than Java has: " + e;
        } catch (StackOverflowError e) {
            problem = "it is nested too deeply: " + e;
        } catch (Error e) {
            problem = line(PandoException.causedBy(e, PandoError.BUG, e));
        }
        command.commandLine().getErr().println("pando: " + Paint.visible(problem));
        return WRONG_USE;
    }

    private static String line(PandoException e) {
        return e.getMessage() + ". " + e.hint();
    }
}
