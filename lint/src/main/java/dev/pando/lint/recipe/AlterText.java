package dev.pando.lint.recipe;

import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import dev.pando.grammar.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text of an ALTER TABLE in its parts: nothing is printed from a tree.
 *
 * @param header {@code ALTER TABLE ONLY orders}
 */
record AlterText(String header, List<Command> commands) {
    /**
     * @param start its first byte in the statement, as locations of nodes count
     */
    record Command(String text, int start, Node node) {
        /** The text of the command from byte {@code from} to before {@code to}, both counted in the statement. */
        String between(int from, int to) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return new String(bytes, from - start, to - from, StandardCharsets.UTF_8).strip();
        }

        int end() {
            return start + text.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    private record Piece(int start, int end) {}

    /** Empty for what is not an ALTER TABLE of the usual form. */
    static Optional<AlterText> of(String sql, Node alter) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        var lexer = new SqlLexer();
        lexer.reset(text, 0, text.length);
        lexer.next();
        if (!lexer.reads("alter") || lexer.next() != Token.IDENTIFIER || !lexer.reads("table")) {
            return Optional.empty();
        }
        Token token = lexer.next();
        while (token == Token.IDENTIFIER && (lexer.reads("if") || lexer.reads("exists") || lexer.reads("only"))) {
            token = lexer.next();
        }
        int headerEnd = lexer.end();
        token = lexer.next();
        while (token == Token.PUNCTUATION && lexer.first() == '.') {
            lexer.next();
            headerEnd = lexer.end();
            token = lexer.next();
        }
        if (token == Token.OPERATOR) {
            headerEnd = lexer.end();
            token = lexer.next();
        }
        List<Piece> pieces = pieces(lexer, token);
        List<Node> nodes = alter.list("cmds");
        if (pieces.size() != nodes.size()) {
            return Optional.empty();
        }
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            commands.add(new Command(
                    new String(text, piece.start, piece.end - piece.start, StandardCharsets.UTF_8),
                    piece.start,
                    nodes.get(i)));
        }
        return Optional.of(new AlterText(new String(text, 0, headerEnd, StandardCharsets.UTF_8), commands));
    }

    private static List<Piece> pieces(SqlLexer lexer, Token first) {
        List<Piece> pieces = new ArrayList<>();
        int depth = 0;
        int start = lexer.start();
        int end = start;
        for (Token token = first; token != Token.END; token = lexer.next()) {
            byte mark = token == Token.PUNCTUATION ? lexer.first() : 0;
            depth += mark == '(' || mark == '[' ? 1 : mark == ')' || mark == ']' ? -1 : 0;
            if (mark == ',' && depth == 0) {
                pieces.add(new Piece(start, end));
                start = -1;
            } else {
                start = start < 0 ? lexer.start() : start;
                end = lexer.end();
            }
        }
        pieces.add(new Piece(start, end));
        return pieces;
    }
}
