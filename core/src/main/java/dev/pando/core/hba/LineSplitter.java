package dev.pando.core.hba;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes one line apart: blanks separate fields, commas the words of a field (blanks may follow them), quotation marks keep both and are
 * written twice to mean themselves, and what stands behind {@code #} is a comment.
 */
final class LineSplitter {
    private final String line;
    private int at;

    private LineSplitter(String line) {
        this.line = line;
    }

    static List<List<Word>> fields(String line) {
        LineSplitter splitter = new LineSplitter(line);
        List<List<Word>> fields = new ArrayList<>();
        while (splitter.somethingFollows()) {
            List<Word> field = splitter.field();
            if (!field.isEmpty()) {
                fields.add(field);
            }
        }
        return fields;
    }

    private boolean somethingFollows() {
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
        return at < line.length() && line.charAt(at) != '#';
    }

    private List<Word> field() {
        List<Word> words = new ArrayList<>();
        boolean more = true;
        while (more && somethingFollows()) {
            Word word = word();
            if (word.quoted() || !word.text().isEmpty()) {
                words.add(word);
            }
            more = at < line.length() && line.charAt(at) == ',';
            if (more) {
                at++;
            }
        }
        return words;
    }

    private Word word() {
        StringBuilder text = new StringBuilder();
        boolean quoted = line.charAt(at) == '"';
        boolean inside = false;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == '"') {
                boolean twice = inside && at + 1 < line.length() && line.charAt(at + 1) == '"';
                if (twice) {
                    text.append('"');
                    at++;
                } else {
                    inside = !inside;
                }
            } else if (!inside && (c == ',' || c == '#' || Character.isWhitespace(c))) {
                break;
            } else {
                text.append(c);
            }
            at++;
        }
        return new Word(text.toString(), quoted);
    }
}
