package dev.pando.lint;

import dev.pando.lint.rule.Rule;
import dev.pando.lint.rule.RuleText;
import dev.pando.lint.rule.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The pages of the rules, made from their texts and fixtures. */
final class RulePages {
    private RulePages() {}

    static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Rule rule : Rules.ALL) {
            Files.writeString(folder.resolve(rule.text().id() + ".md"), page(rule));
        }
        Files.writeString(folder.resolve("README.md"), index());
    }

    static String page(Rule rule) throws IOException {
        RuleText text = rule.text();
        StringBuilder page = new StringBuilder();
        page.append("# ")
                .append(text.id())
                .append("\n\n*")
                .append(text.severity().word())
                .append("*: ");
        page.append(text.title()).append("\n\n");
        page.append(text.why())
                .append("\n\n**Instead:** ")
                .append(text.instead())
                .append("\n\n");
        page.append("The rule's own test, run on a real server: it fires on the lines marked so, and on no other.\n");
        for (Fixture fixture : Fixture.of(text.id())) {
            boolean tool = !fixture.name().equals("migration.sql");
            page.append("\n");
            if (tool) {
                page.append("`").append(fixture.name()).append("`, which its tool runs in one transaction:\n\n");
            }
            page.append("```sql\n").append(fixture.text().strip()).append("\n```\n");
        }
        page.append("\nTo allow it: `-- pando: allow ").append(text.id()).append(" REASON` before the statement.\n");
        return page.toString();
    }

    static String index() {
        StringBuilder page = new StringBuilder(
                "# Rules of pando lint\n\nMade from the rules by a test; [docs/lint.md](../lint.md) is the"
                        + " manual.\n\n| Rule | Severity | Finds |\n|---|---|---|\n");
        for (Rule rule : Rules.ALL) {
            RuleText text = rule.text();
            page.append("| [").append(text.id()).append("](").append(text.id()).append(".md) | ");
            page.append(text.severity().word())
                    .append(" | ")
                    .append(text.title())
                    .append(" |\n");
        }
        return page.toString();
    }
}
