package dev.pando.core.route;

import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import java.nio.charset.StandardCharsets;

/** DECLARE, FETCH, MOVE and CLOSE as commands, and the query within a DECLARE. */
public final class CursorCommands {
    private static final int BINARY = 0x01;
    private static final int SCROLL = 0x02;
    private static final int HOLD = 0x20;

    private CursorCommands() {}

    static Command of(Ast statement, Planning planning) {
        return switch (statement.kind()) {
            case "DeclareCursorStmt" ->
                new Command.Declare(statement.text("portalname"), held(statement), (options(statement) & BINARY) != 0);
            case "FetchStmt" -> fetch(statement, planning);
            default -> {
                String name = statement.text("portalname");
                yield name.isEmpty() ? new Command.CloseCursors() : new Command.CloseCursor(name);
            }
        };
    }

    private static Command fetch(Ast fetch, Planning planning) {
        planning.literalMatters();
        int count = fetch.number("howMany");
        return new Command.Fetch(
                fetch.text("portalname"),
                switch (fetch.text("direction")) {
                    case "FETCH_BACKWARD" -> Command.Fetch.Direction.BACKWARD;
                    case "FETCH_ABSOLUTE" -> Command.Fetch.Direction.ABSOLUTE;
                    case "FETCH_RELATIVE" -> Command.Fetch.Direction.RELATIVE;
                    default -> Command.Fetch.Direction.FORWARD;
                },
                count == Integer.MAX_VALUE ? Command.Fetch.ALL : count,
                fetch.flag("ismove"));
    }

    /** UPDATE or DELETE, perhaps of the row that a cursor is on. */
    static Command writing(Ast statement) {
        String[] name = new String[1];
        statement.walk(node -> name[0] = node.is("CurrentOfExpr") ? node.text("cursor_name") : name[0]);
        return name[0] == null ? new Command.Write() : new Command.WriteAt(name[0]);
    }

    private static int options(Ast declare) {
        return declare.number("options");
    }

    /** Whether the cursor outlives its transaction. */
    static boolean held(Ast declare) {
        return (options(declare) & HOLD) != 0;
    }

    static boolean scrolls(Ast declare) {
        return (options(declare) & SCROLL) != 0;
    }

    /** Where the query of a DECLARE begins: behind the first FOR, which no cursor can be called without quotes. */
    public static int queryAt(byte[] declare) {
        SqlLexer lexer = new SqlLexer();
        lexer.reset(declare, 0, declare.length);
        for (Token token = lexer.next(); token != Token.END && token != Token.BROKEN; token = lexer.next()) {
            String word = new String(declare, lexer.start(), lexer.end() - lexer.start(), StandardCharsets.UTF_8);
            if (word.equalsIgnoreCase("for")) {
                return lexer.end();
            }
        }
        throw new IllegalStateException("no FOR in DECLARE CURSOR");
    }
}
