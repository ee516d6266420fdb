package dev.pando.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The reviewed differences of somebody else's suite in one mode, which {@code suites/run} compares with; test to reason. */
record SuiteList(String suite, String mode, int tests, Map<String, String> reasons) {
    static List<SuiteList> all() throws IOException {
        List<SuiteList> lists = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("suites"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".txt"))
                    .sorted()
                    .toList()) {
                lists.add(of(file.getFileName().toString(), Files.readAllLines(file)));
            }
        }
        return lists;
    }

    private static SuiteList of(String file, List<String> lines) {
        String name = file.substring(0, file.length() - ".txt".length());
        int dash = name.lastIndexOf('-');
        Map<String, String> reasons = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int tab = line.indexOf('\t');
            reasons.put(line.substring(0, tab), line.substring(tab + 1));
        }
        int tests = Integer.parseInt(lines.getFirst().replaceAll("[^0-9]", ""));
        return new SuiteList(name.substring(0, dash), name.substring(dash + 1), tests, reasons);
    }
}
