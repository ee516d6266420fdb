package dev.pando.lint;

import dev.pando.lint.rule.Rule;
import dev.pando.lint.rule.RuleText;
import dev.pando.lint.rule.Rules;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pando lint rule}: the pages of the rules. */
@Command(
        name = "rule",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = "Tell what a rule finds, why, and what to do instead; without a name, list all rules.")
final class RuleCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A rule, such as index-not-concurrently.")
    @Nullable
    String name;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills these before call()
    RuleCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (name == null) {
            Rules.ALL.stream().map(Rule::text).map(RuleCommand::line).forEach(out::println);
        } else if (Rules.of(name).isEmpty()) {
            throw new ParameterException(spec.commandLine(), Rules.unknown(name));
        } else {
            out.print(Rules.page(name));
        }
        out.flush();
        return 0;
    }

    private static String line(RuleText rule) {
        return String.format(
                Locale.ROOT, "%-32s %-8s %s", rule.id(), rule.severity().word(), rule.title());
    }
}
