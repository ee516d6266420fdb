package dev.pando.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Scripts as text, one file for each topic. A line {@code == name} begins an exchange, {@code #} a comment; every other line is a step,
 * whose words {@link Notation} explains. {@code b:} before a step says that another client than the first takes it.
 */
final class Script {
    private static final Path FOLDER = Path.of("src", "test", "resources", "conformance");
    private static final String SUFFIX = ".script";

    private Script() {}

    /** Every exchange there is, in the order of files and lines. */
    static List<Exchange> all() throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(FOLDER)) {
            files = list.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        List<Exchange> exchanges = new ArrayList<>();
        for (Path file : files) {
            String topic = file.getFileName().toString().replace(SUFFIX, "");
            exchanges.addAll(parse(topic, Files.readString(file)));
        }
        return exchanges;
    }

    static Path resource(String name) {
        return FOLDER.resolve(name);
    }

    static List<Exchange> parse(String topic, String text) {
        List<Exchange> exchanges = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        String name = "";
        for (String line : logicalLines(text)) {
            if (line.startsWith("== ")) {
                finish(topic, name, steps, exchanges);
                name = line.substring(3).strip();
                steps = new ArrayList<>();
            } else if (!line.isBlank() && !line.startsWith("#")) {
                try {
                    steps.add(Notation.step(line));
                } catch (RuntimeException e) {
                    throw new IllegalArgumentException(topic + " / " + name + ": " + line, e);
                }
            }
        }
        finish(topic, name, steps, exchanges);
        return exchanges;
    }

    private static void finish(String topic, String name, List<Step> steps, List<Exchange> exchanges) {
        if (steps.isEmpty()) {
            return;
        }
        Exchange exchange = new Exchange(topic, name, List.copyOf(steps));
        if (name.isEmpty() || exchanges.stream().anyMatch(other -> other.name().equals(name))) {
            throw new IllegalArgumentException(topic + ": no name, or one given twice: " + name);
        }
        exchanges.add(exchange);
    }

    /** A string in quotes may go on over several lines. */
    private static List<String> logicalLines(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            open.append(open.isEmpty() ? "" : "\n").append(line);
            if (open.toString().startsWith("#") || quotes(open) % 2 == 0) {
                lines.add(open.toString());
                open.setLength(0);
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException("a quote is not closed: " + open);
        }
        return lines;
    }

    private static int quotes(CharSequence text) {
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                count++;
            }
        }
        return count;
    }
}
