package dev.pando.cli;

import dev.pando.base.error.IoProblem;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever went wrong into one clear line on standard error; a stack trace only when asked for. */
final class Failures {
    private Failures() {}

    static int wrongCommandLine(ParameterException e, String... args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("pando: " + e.getMessage());
        List<String> similar =
                e instanceof UnmatchedArgumentException unmatched ? CommandNames.like(unmatched) : List.of();
        if (!similar.isEmpty()) {
            err.println("Did you mean " + String.join(" or ", similar) + "?");
        } else {
            err.println("See " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return ExitCode.USAGE;
    }

    static int failed(Exception e, PrintWriter err, boolean verbose) {
        err.println("pando: " + line(e));
        if (verbose) {
            e.printStackTrace(err);
        }
        return ExitCode.SOFTWARE;
    }

    /** Text, id and remedy of an error of the catalogue; name and message of any other. */
    static String line(Throwable e) {
        return switch (e) {
            case PandoException known
            when known.getMessage() != null && known.getMessage().contains("\n") ->
                "configuration problems:\n" + known.getMessage();
            case PandoException known -> known.getMessage() + ". " + known.hint();
            case IOException io -> IoProblem.line(io);
            case UncheckedIOException io -> IoProblem.line(io);
            default -> "unexpected " + e + " (--verbose shows where)";
        };
    }
}
