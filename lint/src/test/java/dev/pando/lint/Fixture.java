package dev.pando.lint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Migrations of a rule's file: {@code -- migration NAME} begins one, {@code -- fires} ends each line that the rule speaks of. */
record Fixture(String name, String text) {
    static final Path FOLDER = Path.of("src/test/resources/rules");
    private static final String HEADER = "-- migration";

    static List<Fixture> of(String rule) throws IOException {
        List<Fixture> fixtures = new ArrayList<>();
        for (String part : Files.readString(FOLDER.resolve(rule + ".sql")).split("(?m)^" + HEADER, -1)) {
            if (!part.isBlank()) {
                int line = part.indexOf('\n');
                String name = part.substring(0, line).strip();
                fixtures.add(new Fixture(name.isEmpty() ? "migration.sql" : name, part.substring(line + 1)));
            }
        }
        return fixtures;
    }

    Set<Integer> firing() {
        Set<Integer> lines = new TreeSet<>();
        List<String> all = text.lines().toList();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).endsWith("-- fires")) {
                lines.add(i + 1);
            }
        }
        return lines;
    }

    /** psql would take the mark for an argument. */
    String sql() {
        return text.replace(" -- fires", "");
    }
}
