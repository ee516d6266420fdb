package dev.pando.grammar;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Statements of every kind, one a line; a line that begins with white space goes on with the one before. */
final class Corpus {
    static final List<String> ACCEPTED = lines("/statements.sql");
    static final List<String> REFUSED = lines("/refused.sql");

    private Corpus() {}

    private static List<String> lines(String resource) {
        try (InputStream in = Corpus.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing");
            }
            List<String> statements = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith(" ")) {
                    statements.add(statements.removeLast() + "\n" + line);
                } else {
                    statements.add(line);
                }
            }
            return List.copyOf(statements);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
