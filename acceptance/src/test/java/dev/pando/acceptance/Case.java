package dev.pando.acceptance;

import dev.pando.acceptance.Party.Parameter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A statement to compare. Files of them have one statement per paragraph, with lines before it that start with {@code --}:
 *
 * <ul>
 *   <li>{@code -- refused PD3001}: Pando refuses it, by this code;
 *   <li>{@code -- ties}: its ORDER BY leaves the order of some rows open;
 *   <li>{@code -- pando}: only Pando runs it;
 *   <li>{@code -- with int4 5 | text x | uuid null}: parameters for {@code ?}.
 * </ul>
 *
 * @param ordered whether the order of the rows counts
 */
record Case(
        String sql,
        List<Parameter> parameters,
        boolean ordered,
        boolean pandoOnly,
        @Nullable String refusal) {
    static Case of(String sql, boolean ordered) {
        return new Case(sql, List.of(), ordered, false, null);
    }

    static List<Case> read(String file) {
        String text;
        try (InputStream in = Objects.requireNonNull(Case.class.getResourceAsStream("/differential/" + file), file)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(file, e);
        }
        List<Case> cases = new ArrayList<>();
        for (String paragraph : text.split("\n\\s*\n", -1)) {
            if (!paragraph.isBlank()) {
                cases.add(parse(paragraph));
            }
        }
        return cases;
    }

    private static Case parse(String paragraph) {
        StringBuilder sql = new StringBuilder();
        List<Parameter> parameters = new ArrayList<>();
        String refusal = null;
        boolean ties = false;
        boolean pandoOnly = false;
        for (String line : paragraph.strip().split("\n", -1)) {
            if (!line.startsWith("-- ")) {
                sql.append(sql.isEmpty() ? "" : "\n").append(line);
            } else if (line.startsWith("-- refused ")) {
                refusal = line.substring(11).strip();
            } else if (line.equals("-- ties")) {
                ties = true;
            } else if (line.equals("-- pando")) {
                pandoOnly = true;
            } else if (line.startsWith("-- with ")) {
                parameters.addAll(parameters(line.substring(8)));
            }
        }
        boolean ordered = !ties && sql.toString().toUpperCase(Locale.ROOT).contains("ORDER BY");
        return new Case(sql.toString(), parameters, ordered, pandoOnly, refusal);
    }

    private static List<Parameter> parameters(String line) {
        List<Parameter> parameters = new ArrayList<>();
        for (String item : line.split(" \\| ", -1)) {
            String[] parts = item.strip().split(" ", 2);
            parameters.add(new Parameter(parts[0], parts[1].equals("null") ? null : parts[1]));
        }
        return parameters;
    }
}
