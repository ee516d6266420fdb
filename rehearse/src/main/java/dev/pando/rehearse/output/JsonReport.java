package dev.pando.rehearse.output;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reports for programs; docs/rehearse.md says what is in them. */
public final class JsonReport {
    private static final int FORMAT = 1;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonReport() {}

    private record Document(int format, boolean passed, Report rehearsal) {}

    public static String text(Report report) {
        return JSON.writeValueAsString(new Document(FORMAT, report.passed(), report)) + "\n";
    }
}
