package dev.pando.rehearse.output;

import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reports for programs; docs/rehearse.md says what is in them. */
public final class JsonReport {
    private static final int FORMAT = 1;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonReport() {}

    private record Document(int format, boolean passed, Report rehearsal) {}

    /** @param better {@code rehearsal}, {@code compared} or {@code neither} */
    private record Comparing(
            int format, boolean passed, Report rehearsal, Report compared, String better, List<String> differences) {}

    public static String text(Report report) {
        return JSON.writeValueAsString(new Document(FORMAT, report.passed(), report)) + "\n";
    }

    public static String text(Comparison comparison) {
        Report report = comparison.one().report();
        String better = switch (comparison.better()) {
            case ONE -> "rehearsal";
            case OTHER -> "compared";
            case NEITHER -> "neither";
        };
        return JSON.writeValueAsString(new Comparing(
                        FORMAT, report.passed(), report, comparison.other().report(), better, comparison.differences()))
                + "\n";
    }
}
