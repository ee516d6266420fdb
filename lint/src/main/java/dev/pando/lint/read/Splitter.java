package dev.pando.lint.read;

import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds where statements begin and end, as psql does: semicolons inside parentheses, strings, comments and bodies of
 * {@code BEGIN ATOMIC} end nothing; a backslash outside of all those begins a command of psql's up to the end of its line; lines after
 * {@code COPY … FROM STDIN} are data up to {@code \.}.
 */
final class Splitter {
    /** As many words as psql looks at to see that a statement creates a function. */
    private static final int HEAD_WORDS = 4;

    private final byte[] text;
    private final SqlLexer lexer = new SqlLexer();
    private final List<Piece> pieces = new ArrayList<>();
    private final List<Comment> comments = new ArrayList<>();

    private int limit;
    /** First byte of the statement that is being read, -1 between statements. */
    private int start = -1;

    private int end;
    private int parentheses;
    private int bodies;
    private final List<String> head = new ArrayList<>();
    private boolean fromStdin;
    private String before = "";

    /** Bytes of a statement, or of one of psql's commands. */
    record Piece(int start, int end, boolean psql) {}

    record Comment(int start, String text) {}

    Splitter(byte[] text) {
        this.text = text;
    }

    List<Piece> pieces() {
        return pieces;
    }

    List<Comment> comments() {
        return comments;
    }

    void read(Section section) {
        if (section.delimiter().equals(Section.SEMICOLON)) {
            read(section.start(), section.end());
            return;
        }
        // ISO 8859-1 has one character for each byte.
        String bytes = new String(text, StandardCharsets.ISO_8859_1);
        String delimiter =
                new String(section.delimiter().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        int from = section.start();
        while (from < section.end()) {
            int found = bytes.indexOf(delimiter, from);
            int to = found < 0 || found > section.end() ? section.end() : found;
            read(from, to);
            from = to + delimiter.length();
        }
    }

    private void read(int from, int to) {
        limit = to;
        int base = from;
        int seen = from;
        lexer.reset(text, from, to - from);
        while (true) {
            Token token = lexer.next();
            int at = base + lexer.start();
            gap(seen, at);
            if (token == Token.END) {
                break;
            }
            seen = base + lexer.end();
            if (token == Token.UNKNOWN && text[at] == '\\') {
                finish();
                seen = lineEnd(at);
                pieces.add(new Piece(at, trimmed(at, seen), true));
            } else if (token == Token.SEMICOLON && parentheses <= 0 && bodies <= 0) {
                boolean data = fromStdin && head.getFirst().equals("copy");
                finish();
                seen = data ? dataEnd(seen) : seen;
            } else {
                token(token, at, seen);
                continue;
            }
            base = seen;
            lexer.reset(text, seen, to - seen);
        }
        finish();
    }

    private void finish() {
        if (start >= 0) {
            pieces.add(new Piece(start, end, false));
        }
        start = -1;
        parentheses = 0;
        bodies = 0;
        fromStdin = false;
        before = "";
        head.clear();
    }

    private void token(Token token, int from, int to) {
        start = start < 0 ? from : start;
        end = to;
        byte first = text[from];
        if (token == Token.PUNCTUATION && first == '(') {
            parentheses++;
        } else if (token == Token.PUNCTUATION && first == ')') {
            parentheses--;
        } else if (token == Token.IDENTIFIER) {
            word(new String(text, from, to - from, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT));
        }
    }

    private void word(String word) {
        if (head.size() < HEAD_WORDS) {
            head.add(word);
        }
        fromStdin |= word.equals("stdin") && before.equals("from");
        before = word;
        if (parentheses > 0 || !createsRoutine()) {
            return;
        }
        if (word.equals("begin") || (bodies > 0 && word.equals("case"))) {
            bodies++;
        } else if (bodies > 0 && word.equals("end")) {
            bodies--;
        }
    }

    private boolean createsRoutine() {
        if (head.size() < 2 || !head.getFirst().equals("create")) {
            return false;
        }
        int kind = head.get(1).equals("or") ? 3 : 1;
        return head.size() > kind
                && (head.get(kind).equals("function") || head.get(kind).equals("procedure"));
    }

    /** Comments between two tokens: there is nothing else but white space. */
    private void gap(int from, int to) {
        int at = from;
        while (at < to) {
            if (text[at] == '-') {
                int stop = Math.min(lineEnd(at), to);
                comment(at, stop);
                at = stop;
            } else if (text[at] == '/') {
                int stop = blockEnd(at, to);
                comment(at, stop);
                at = stop;
            } else {
                at++;
            }
        }
    }

    private void comment(int from, int to) {
        comments.add(new Comment(from, new String(text, from, to - from, StandardCharsets.UTF_8)));
    }

    private int blockEnd(int from, int to) {
        int depth = 0;
        int at = from;
        while (at + 1 < to) {
            boolean opens = text[at] == '/' && text[at + 1] == '*';
            boolean closes = text[at] == '*' && text[at + 1] == '/';
            depth += opens ? 1 : closes ? -1 : 0;
            at += opens || closes ? 2 : 1;
            if (closes && depth == 0) {
                return at;
            }
        }
        return to;
    }

    private int lineEnd(int from) {
        int at = from;
        while (at < limit && text[at] != '\n') {
            at++;
        }
        return at;
    }

    private int trimmed(int from, int to) {
        int at = to;
        while (at > from && text[at - 1] <= ' ') {
            at--;
        }
        return at;
    }

    /** Past the line that ends the data of a COPY. */
    private int dataEnd(int from) {
        int at = lineEnd(from);
        while (at < limit) {
            int lineStart = at + 1;
            at = lineEnd(Math.min(lineStart, limit));
            if (trimmed(lineStart, at) == lineStart + 2 && text[lineStart] == '\\' && text[lineStart + 1] == '.') {
                return at;
            }
        }
        return limit;
    }
}
