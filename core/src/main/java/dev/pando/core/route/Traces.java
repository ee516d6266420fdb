package dev.pando.core.route;

import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.HiddenCode.Found;
import dev.pando.core.topology.Trace;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a statement may leave on its server connection, so that the session looks at it before giving it back, and what it may have cleaned
 * away. Nothing of either for ordinary statements.
 *
 * @param by the code that does it; null when the statement shows it, or when it is not known whether there is such code
 * @param showsStatements whether it reads the list of the session's prepared statements
 * @param code whether the catalog has the code that the statement shows it runs
 */
public record Traces(
        Set<Trace> made, Set<Trace> ended, @Nullable String by, boolean showsStatements, Code code) {
    /** What the catalog knows of the functions that a statement names. */
    public enum Code {
        READ,
        /** None has been read yet. By the time the statement has run that may be over, and nobody has judged it. */
        NOT_YET,
        /** There is one that was made past Pando. */
        MISSED
    }

    public static final Traces NONE = new Traces(Set.of(), Set.of(), null, false, Code.READ);
    private static final String STATEMENTS = "pg_prepared_statements";
    private static final String STATEMENTS_FUNCTION = "pg_prepared_statement";

    public Traces {
        made = Set.copyOf(made);
        ended = Set.copyOf(ended);
    }

    /** Whether there is anything to do about it. */
    public boolean any() {
        return !made.isEmpty() || !ended.isEmpty();
    }

    /** Whether it runs code that may run EXECUTE, or deallocate what the session has prepared. */
    public boolean mayExecute() {
        return !made.isEmpty() && mayExecuteSome();
    }

    private boolean mayExecuteSome() {
        return made.contains(Trace.PREPARED) || (by != null && made.contains(Trace.UNSEEN));
    }

    /** Whether a relation or function of this name tells of prepared statements. */
    static boolean ofStatements(String name) {
        return name.equals(STATEMENTS) || name.equals(STATEMENTS_FUNCTION);
    }

    private static boolean showsStatements(Ast statement) {
        boolean[] found = new boolean[1];
        statement.walk(
                node -> found[0] |= (node.is("RangeVar") && node.text("relname").equals(STATEMENTS))
                        || (node.is("FuncCall") && Functions.name(node).equals(STATEMENTS_FUNCTION)));
        return found[0];
    }

    static Traces of(Ast statement, Command command, Planning planning) {
        Traces own = of(statement, planning);
        Found triggers =
                command instanceof Command.Ddl ? planning.catalog.code().ddl() : null;
        if (triggers == null || triggers.traces().isEmpty()) {
            return own;
        }
        EnumSet<Trace> made = EnumSet.copyOf(triggers.traces());
        made.addAll(own.made);
        return new Traces(made, own.ended, own.by == null ? by(triggers) : own.by, own.showsStatements, own.code);
    }

    private static Traces of(Ast statement, Planning planning) {
        if (statement.is("VariableSetStmt") && statement.text("name").equals("seed")) {
            return new Traces(Set.of(Trace.UNSEEN), Set.of(), "SET seed", false, Code.READ);
        }
        Set<Trace> ended = ended(statement);
        if (statement.is("ExplainStmt") || SessionPlanner.transactional(statement.kind())) {
            return ended.isEmpty() ? inner(statement, planning) : new Traces(Set.of(), ended, null, false, Code.READ);
        }
        EnumSet<Trace> made = EnumSet.noneOf(Trace.class);
        if (Temporary.is(statement, planning.searchPath)) {
            made.add(Trace.TEMPORARY);
        }
        shown(statement, made);
        String by = null;
        Found found = keepsCode(statement) ? null : Hidden.in(statement, planning);
        if (found != null && !found.traces().isEmpty()) {
            made.addAll(found.traces());
            by = by(found);
        }
        if (statement.is("DoStmt")) {
            made.addAll(of(body(statement, planning), planning));
            by = "DO";
        }
        Ast query = statement.is("DeclareCursorStmt") ? statement.child("query") : null;
        if (query != null) {
            made.addAll(of(query, planning).made());
        }
        boolean shows = !keepsCode(statement) && showsStatements(statement);
        return made.isEmpty() && ended.isEmpty() && !shows
                ? NONE
                : new Traces(made, ended, made.isEmpty() ? null : by, shows, planning.code());
    }

    /** What code leaves that stands in a statement. */
    static Set<Trace> of(CodeText code, Planning planning) {
        Set<Trace> left = EnumSet.noneOf(Trace.class);
        left.addAll(code.left());
        if (!code.settings().isEmpty() && left.contains(Trace.SETTINGS)) {
            // No list of the server's shows parameters with such names, and those that a look asks for are the ones
            // of functions.
            left.add(Trace.UNSEEN);
        }
        Found called = Hidden.called(code, planning);
        if (called != null) {
            left.addAll(called.traces());
        }
        return left;
    }

    private static @Nullable String by(Found found) {
        return found.equals(HiddenCode.UNREAD.everywhere()) ? null : found.what();
    }

    private static Traces inner(Ast statement, Planning planning) {
        Ast query = statement.child("query");
        return query == null ? NONE : of(query, planning);
    }

    /** What the statement itself says. */
    private static void shown(Ast statement, Set<Trace> made) {
        switch (statement.kind()) {
            case "LoadStmt" -> made.add(Trace.UNSEEN);
            case "DeclareCursorStmt" -> {
                if (CursorCommands.held(statement)) {
                    made.add(Trace.CURSORS);
                }
            }
            case "CreateFunctionStmt" -> {}
            default -> {
                if (Functions.sessionLock(statement) != null) {
                    made.add(Trace.LOCKS);
                }
                if (Functions.unseen(statement) != null) {
                    made.add(Trace.UNSEEN);
                }
            }
        }
    }

    /** Commands of the schema that keep expressions for later. */
    static boolean keepsCode(Ast statement) {
        return statement.is("CreateFunctionStmt") || statement.is("ViewStmt") || statement.is("RuleStmt");
    }

    private static Set<Trace> ended(Ast statement) {
        return switch (statement.kind()) {
            case "DropStmt" -> Set.of(Trace.TEMPORARY);
            case "DiscardStmt" -> Set.of(Trace.TEMPORARY, Trace.PREPARED);
            case "DeallocateStmt" -> Set.of(Trace.PREPARED);
            case "ClosePortalStmt" -> Set.of(Trace.CURSORS);
            case "SelectStmt" -> Functions.sessionLock(statement) == null ? Set.of() : Set.of(Trace.LOCKS);
            default -> Set.of();
        };
    }

    /** The text is part of the plan. */
    private static CodeText body(Ast statement, Planning planning) {
        planning.literalMatters();
        String body = "";
        String language = "plpgsql";
        for (Ast option : statement.list("args")) {
            Ast value = option.child("arg");
            String text = value == null ? "" : Commands.string(value);
            if (option.text("defname").equals("as")) {
                body = text;
            } else if (option.text("defname").equals("language")) {
                language = text;
            }
        }
        return language.equals("plpgsql") ? CodeText.of(body) : CodeText.foreign(body);
    }

    /** About what it takes in a cache. */
    long bytes() {
        return by == null ? 0 : (long) by.getBytes(StandardCharsets.UTF_8).length;
    }
}
