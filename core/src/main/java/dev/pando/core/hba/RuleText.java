package dev.pando.core.hba;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a rule file with all that it includes: lines continued by a backslash, {@code include…} lines, {@code @file} lists of names. */
final class RuleText {
    private static final int DEEPEST = 10;
    private static final int MOST_LINES = 100_000;

    private final RuleFiles files;
    private final List<Flaw> flaws;
    private final List<RuleLine> lines = new ArrayList<>();

    private RuleText(RuleFiles files, List<Flaw> flaws) {
        this.files = files;
        this.flaws = flaws;
    }

    static List<RuleLine> lines(String file, RuleFiles files, List<Flaw> flaws) {
        RuleText text = new RuleText(files, flaws);
        text.read(file, new Flaw(file, 1, ""), false, 0);
        return text.lines;
    }

    /** {@code from}: who names the file. */
    private void read(String file, Flaw from, boolean mayLack, int depth) {
        String text = text(file, from, mayLack, depth);
        if (text == null) {
            return;
        }
        String[] physical = text.split("\\R", -1);
        for (int i = 0; i < physical.length; i++) {
            int number = i + 1;
            StringBuilder logical = new StringBuilder(physical[i]);
            while (!logical.isEmpty() && logical.charAt(logical.length() - 1) == '\\' && i + 1 < physical.length) {
                logical.setLength(logical.length() - 1);
                logical.append(physical[++i]);
            }
            line(new Flaw(file, number, ""), LineSplitter.fields(logical.toString()), depth);
        }
    }

    private @Nullable String text(String file, Flaw from, boolean mayLack, int depth) {
        if (depth > DEEPEST || lines.size() > MOST_LINES) {
            problem(
                    from,
                    "files include each other more than " + DEEPEST + " deep, or have more than " + MOST_LINES
                            + " lines");
            return null;
        }
        try {
            return files.text(file);
        } catch (NoSuchFileException e) {
            if (!mayLack) {
                problem(from, "there is no file " + file);
            }
        } catch (IOException | InvalidPathException e) {
            problem(from, "file " + file + " cannot be read: " + e);
        }
        return null;
    }

    private void line(Flaw at, List<List<Word>> fields, int depth) {
        if (fields.isEmpty()) {
            return;
        }
        switch (fields.getFirst().getFirst().text()) {
            case "include" -> include(at, fields, depth, false);
            case "include_if_exists" -> include(at, fields, depth, true);
            case "include_dir" -> includeFolder(at, fields, depth);
            default -> {
                List<List<Word>> expanded = new ArrayList<>();
                for (List<Word> field : fields) {
                    List<Word> words = new ArrayList<>();
                    field.forEach(word -> expand(at, word, words, depth));
                    expanded.add(words);
                }
                lines.add(new RuleLine(at.file(), at.line(), expanded));
            }
        }
    }

    private @Nullable String included(Flaw at, List<List<Word>> fields) {
        if (fields.size() != 2 || fields.get(1).size() != 1) {
            problem(at, fields.getFirst().getFirst().text() + " needs one name behind it");
            return null;
        }
        return beside(at, fields.get(1).getFirst().text());
    }

    private void include(Flaw at, List<List<Word>> fields, int depth, boolean mayLack) {
        String file = included(at, fields);
        if (file != null) {
            read(file, at, mayLack, depth + 1);
        }
    }

    private void includeFolder(Flaw at, List<List<Word>> fields, int depth) {
        String folder = included(at, fields);
        if (folder == null) {
            return;
        }
        try {
            files.names(folder).stream()
                    .filter(name -> name.endsWith(".conf") && !name.startsWith("."))
                    .sorted()
                    .forEach(name -> read(Path.of(folder).resolve(name).toString(), at, false, depth + 1));
        } catch (IOException | InvalidPathException e) {
            problem(at, "folder " + folder + " cannot be read: " + e);
        }
    }

    private void expand(Flaw at, Word word, List<Word> out, int depth) {
        if (!word.beginsWith('@')) {
            out.add(word);
            return;
        }
        String file = beside(at, word.text().substring(1));
        String text = text(file, at, false, depth + 1);
        if (text == null) {
            return;
        }
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            Flaw inner = new Flaw(file, ++number, "");
            LineSplitter.fields(line).forEach(field -> field.forEach(each -> expand(inner, each, out, depth + 1)));
        }
    }

    private String beside(Flaw at, String path) {
        try {
            Path parent = Path.of(at.file()).getParent();
            return parent == null ? path : parent.resolve(path).toString();
        } catch (InvalidPathException e) {
            return path;
        }
    }

    private void problem(Flaw at, String message) {
        flaws.add(new Flaw(at.file(), at.line(), message));
    }
}
