package dev.pando.lint.output;

import dev.pando.lint.Report;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.LockLine;
import java.util.List;

/** Workflow commands of GitHub Actions, one a finding: they show up beside the changed lines without any upload. */
public final class GithubReport {
    private GithubReport() {}

    public static List<String> lines(Report report) {
        return report.findings().map(finding -> line(report, finding)).toList();
    }

    private static String line(Report report, Finding finding) {
        String command = switch (finding.severity()) {
            case ERROR -> "error";
            case WARNING, UNKNOWN -> "warning";
            case ADVICE -> "notice";
        };
        String facts = finding.step().effect().ran()
                ? "\n" + LockLine.of(finding.step().effect(), report.speeds())
                : "";
        String instead = finding.rewrite() == null
                ? ""
                : "\nInstead:\n" + finding.rewrite().sql();
        return "::" + command + " file=" + property(finding.step().migration().name())
                + ",line=" + finding.place().line()
                + ",col=" + finding.place().column()
                + ",title=" + property(finding.rule())
                + "::" + data(finding.message() + facts + instead);
    }

    private static String data(String text) {
        return Paint.visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"));
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
