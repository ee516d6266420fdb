package dev.pando.lint.output;

import dev.pando.base.Version;
import dev.pando.lint.Report;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.LockLine;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.read.Statement;
import dev.pando.lint.rule.Rule;
import dev.pando.lint.rule.RuleText;
import dev.pando.lint.rule.Rules;
import java.net.URI;
import java.net.URISyntaxException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A report in SARIF 2.1.0, as code hosts show it beside the lines of a change. */
public final class SarifReport {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SarifReport() {}

    public static String text(Report report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        root.put("version", "2.1.0");
        ObjectNode run = root.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "pando lint");
        driver.put("version", Version.number());
        driver.put("semanticVersion", Version.number());
        ArrayNode rules = driver.putArray("rules");
        Rules.ALL.forEach(rule -> rule(rule.text(), rules.addObject()));
        run.put("columnKind", "unicodeCodePoints");
        ArrayNode results = run.putArray("results");
        report.findings().forEach(finding -> result(report, finding, results.addObject()));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void rule(RuleText text, ObjectNode into) {
        into.put("id", text.id());
        into.putObject("shortDescription").put("text", text.title());
        into.putObject("fullDescription").put("text", text.why());
        into.putObject("help").put("text", text.instead()).put("markdown", Rules.page(text.id()));
        into.putObject("defaultConfiguration").put("level", level(text.severity()));
    }

    private static void result(Report report, Finding finding, ObjectNode into) {
        Statement statement = finding.step().statement();
        into.put("ruleId", finding.rule());
        into.put("ruleIndex", index(finding.rule()));
        into.put("level", level(finding.severity()));
        String facts = finding.step().effect().ran()
                ? "\n" + LockLine.of(finding.step().effect(), report.speeds())
                : "";
        String instead = finding.rewrite() == null
                ? ""
                : "\nInstead:\n" + finding.rewrite().sql();
        into.putObject("message").put("text", finding.message() + facts + instead);
        ObjectNode location = into.putArray("locations").addObject().putObject("physicalLocation");
        location.putObject("artifactLocation")
                .put("uri", uri(finding.step().migration().name()));
        ObjectNode region = location.putObject("region");
        region.put("startLine", finding.place().line());
        region.put("startColumn", finding.place().column());
        if (finding.place().equals(statement.place())) {
            region.put("endLine", statement.endPlace().line());
            region.put("endColumn", statement.endPlace().column());
        }
    }

    private static int index(String rule) {
        return Rules.ALL.stream().map(Rule::text).map(RuleText::id).toList().indexOf(rule);
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING, UNKNOWN -> "warning";
            case ADVICE -> "note";
        };
    }

    /** A path as a relative reference: blanks and the like are escaped. */
    private static String uri(String name) {
        try {
            return new URI(null, null, name.replace('\\', '/'), null).toASCIIString();
        } catch (URISyntaxException e) {
            return "migration.sql"; // no path at all, such as one with a zero byte
        }
    }
}
