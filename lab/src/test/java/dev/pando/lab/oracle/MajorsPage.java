package dev.pando.lab.oracle;

import dev.pando.lab.Major;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The section of docs/oracle.md with the statements that do not do the same on all majors. */
final class MajorsPage {
    static final String BEGIN = "<!-- majors: written by OracleTableTest -->\n";
    static final String END = "<!-- /majors -->";

    private MajorsPage() {}

    static String in(String page) {
        int from = page.indexOf(BEGIN) + BEGIN.length();
        return page.substring(from, page.indexOf(END, from));
    }

    static String with(String page, String section) {
        return page.replace(BEGIN + in(page) + END, BEGIN + section + END);
    }

    static String section(Map<Major, Map<String, Observation>> tables) {
        StringBuilder text = new StringBuilder("| Statement | 15 | 16 | 17 | 18 |\n|---|---|---|---|---|\n");
        Map<String, String> sql = Corpus.entries().stream()
                .collect(Collectors.toMap(Corpus.Entry::key, Corpus.Entry::sql, (one, other) -> one, TreeMap::new));
        sql.forEach((key, statement) -> {
            List<String> cells = new ArrayList<>();
            for (Major major : Major.values()) {
                cells.add(Objects.requireNonNull(
                                Objects.requireNonNull(tables.get(major)).get(key))
                        .words());
            }
            if (new HashSet<>(cells).size() > 1) {
                text.append("| `").append(statement.replace("|", "\\|")).append("` |");
                for (int i = 0; i < cells.size(); i++) {
                    boolean same = i > 0 && cells.get(i).equals(cells.get(i - 1));
                    text.append(same ? " = |" : " " + cells.get(i) + " |");
                }
                text.append('\n');
            }
        });
        return text.toString();
    }
}
