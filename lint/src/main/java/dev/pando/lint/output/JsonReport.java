package dev.pando.lint.output;

import dev.pando.lab.oracle.RelationLock;
import dev.pando.lint.Report;
import dev.pando.lint.fact.Effect;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.LockLine;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import dev.pando.lint.fact.Work;
import dev.pando.lint.read.Place;
import dev.pando.lint.read.Statement;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A report for programs; docs/lint.md says what is in it. */
public final class JsonReport {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FORMAT = 1;

    private JsonReport() {}

    public static String text(Report report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT);
        root.put("ground", report.ground());
        report.notes().forEach(root.putArray("notes")::add);
        ArrayNode files = root.putArray("files");
        report.files().forEach(file -> file(report, file, files.addObject()));
        report.excluded().forEach(root.putObject("excluded")::put);
        ObjectNode summary = root.putObject("summary");
        for (Severity severity : Severity.values()) {
            summary.put(severity.word(), report.count(severity));
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void file(Report report, Report.File file, ObjectNode into) {
        into.put("name", file.migration().name());
        into.put("migrationFormat", file.migration().format().title());
        into.put("allowed", file.allowed());
        ArrayNode statements = into.putArray("statements");
        file.steps().forEach(step -> statement(report, step, statements.addObject()));
        ArrayNode findings = into.putArray("findings");
        file.findings().forEach(finding -> finding(finding, findings.addObject()));
    }

    private static void statement(Report report, Step step, ObjectNode into) {
        Statement statement = step.statement();
        Effect effect = step.effect();
        into.put("number", statement.number());
        place(into, statement.place());
        into.put("endLine", statement.endPlace().line());
        into.put("endColumn", statement.endPlace().column());
        into.put("sql", statement.source());
        into.put("transaction", statement.transaction().id());
        into.put("openedBy", statement.transaction().origin().name().toLowerCase(Locale.ROOT));
        into.put("known", effect.known());
        into.put("lockLine", LockLine.of(effect, report.speeds()));
        ArrayNode locks = into.putArray("locks");
        for (RelationLock lock : effect.locks()) {
            ObjectNode one = locks.addObject();
            one.put("relation", lock.relation().qualifiedName());
            one.put("mode", LockLine.mode(lock.mode()));
            one.put("role", lock.role().name().toLowerCase(Locale.ROOT));
        }
        ArrayNode works = into.putArray("work");
        for (Work work : effect.work()) {
            ObjectNode one = works.addObject();
            one.put("kind", work.kind().name().toLowerCase(Locale.ROOT));
            one.put("relation", work.table().qualifiedName());
            if (work.kind() == Work.Kind.INDEX_BUILD) {
                one.put("indexes", work.times());
            }
            if (work.bytes().isPresent()) {
                one.put("bytes", work.bytes().getAsLong());
                one.put("seconds", work.seconds(report.speeds()));
            }
        }
    }

    private static void finding(Finding finding, ObjectNode into) {
        into.put("rule", finding.rule());
        into.put("severity", finding.severity().word());
        into.put("statement", finding.step().statement().number());
        place(into, finding.place());
        into.put("message", finding.message());
        if (finding.rewrite() != null) {
            ObjectNode rewrite = into.putObject("rewrite");
            finding.rewrite().statements().forEach(rewrite.putArray("statements")::add);
            finding.rewrite().notes().forEach(rewrite.putArray("notes")::add);
        }
    }

    private static void place(ObjectNode into, Place place) {
        into.put("line", place.line());
        into.put("column", place.column());
    }
}
