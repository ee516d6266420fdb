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

    private record Document(int format, boolean passed, List<Report> rehearsals) {}

    /** @param reports the migration's, then that of what lint would run instead, if it was asked for */
    public static String text(List<Report> reports) {
        return JSON.writeValueAsString(new Document(FORMAT, reports.getFirst().passed(), reports)) + "\n";
    }
}
