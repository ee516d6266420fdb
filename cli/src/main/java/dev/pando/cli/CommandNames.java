package dev.pando.cli;

import dev.pando.core.config.NearMiss;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What was meant by a word that is no command: a command, wherever it is, or an option. */
final class CommandNames {
    private CommandNames() {}

    /** {@code --help} beside an unknown command would be the help of the one above it. */
    static void requireKnown(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (!last.unmatched().isEmpty()) {
            throw new UnmatchedArgumentException(last.commandSpec().commandLine(), last.unmatched());
        }
    }

    static List<String> like(UnmatchedArgumentException e) {
        String word = e.getUnmatched().getFirst();
        List<String> all = new ArrayList<>();
        if (!word.startsWith("-")) {
            CommandLine top = e.getCommandLine();
            while (top.getParent() != null) {
                top = top.getParent();
            }
            collect(top, word, all);
        }
        return all.isEmpty() ? e.getSuggestions() : all;
    }

    private static void collect(CommandLine command, String word, List<String> all) {
        command.getSubcommands().forEach((name, sub) -> {
            if (NearMiss.closest(word, List.of(name)) != null) {
                all.add(sub.getCommandSpec().qualifiedName());
            }
            collect(sub, word, all);
        });
    }
}
