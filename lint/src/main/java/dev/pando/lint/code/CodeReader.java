package dev.pando.lint.code;

import dev.pando.grammar.Node;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a statement runs besides itself, and whether that was all seen where tables are empty. Belongs to one statement.
 *
 * <p>What is measured on empty tables is what happens in production only while nothing that decides over the path depends on rows. So each
 * condition and loop of the code is looked at: one that depends on the catalogs alone went the way it will go; behind any other one,
 * statements that may make somebody wait are a doubt. In doubt there is a doubt.
 */
public final class CodeReader {
    private static final int MOST_STATEMENTS = 1_000;
    private static final int STATEMENT = 0;
    private static final int EXPRESSION = 2;

    /** Statements whose functions are called when they run, not when what they define is used. */
    static final Set<String> RUN = Set.of(
            "SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CreateTableAsStmt", "CopyStmt");

    private static final Set<String> CHANGES = Set.of("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt");

    private final Texts texts;
    private final Surroundings surroundings;
    private final Queries queries;
    private final Map<String, Node> prepared;
    private final boolean complete;

    private final List<Node> statements = new ArrayList<>();
    private final Set<String> doubts = new LinkedHashSet<>();
    private final Set<Long> routines = new HashSet<>();
    private final Map<Long, Optional<String>> depends = new HashMap<>();

    /**
     * A reader.
     *
     * @param prepared statements of PREPARE, by name
     * @param complete whether the schema is the one the statement meets
     */
    public CodeReader(Texts texts, Surroundings surroundings, Map<String, Node> prepared, boolean complete) {
        this.texts = texts;
        this.surroundings = surroundings;
        this.queries = new Queries(surroundings);
        this.prepared = prepared;
        this.complete = complete;
    }

    public Reading read(Node node, String sql) throws SQLException {
        within(node, sql, null);
        return new Reading(statements, List.copyOf(doubts));
    }

    boolean complete() {
        return complete;
    }

    Queries queries() {
        return queries;
    }

    void doubt(String reason) {
        doubts.add(reason);
    }

    /** Of the SQL in code, {@code unsure} being why nobody knows whether it is reached, null where it is. */
    void runs(String sql, @Nullable String unsure) throws SQLException {
        List<Node> read = texts.statements(sql);
        if (read.isEmpty()) {
            doubt("it runs what cannot be read: " + brief(sql));
        }
        for (Node node : read) {
            runs(node, sql, unsure);
        }
    }

    private void runs(Node node, String sql, @Nullable String unsure) throws SQLException {
        if (statements.size() == MOST_STATEMENTS) {
            doubt("its code has more than " + MOST_STATEMENTS + " statements");
            return;
        }
        statements.add(node);
        if (unsure != null && !Quiet.is(node)) {
            doubt("whether it runs " + brief(sql) + " depends on " + unsure);
        }
        within(node, sql, unsure);
    }

    /** What PL/pgSQL has as text, in the mode that it parses it by: a statement, an expression or an assignment. */
    @Nullable
    Node query(String text, int mode) {
        String sql = switch (mode) {
            case STATEMENT -> text;
            case EXPRESSION -> "SELECT " + text;
            default -> "SELECT " + text.replaceFirst("^[^=]*=", "");
        };
        List<Node> read = texts.statements(sql);
        return read.size() == 1 ? read.getFirst() : null;
    }

    /** What the routines that a query calls depend on besides the catalogs. */
    Optional<String> dependsOnCalls(Node query) throws SQLException {
        for (Node call : query.all("FuncCall")) {
            for (Routine routine : surroundings.routines(call.names("funcname"))) {
                Optional<String> depends = dependsOn(routine);
                if (depends.isPresent()) {
                    return depends;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> dependsOn(Routine routine) throws SQLException {
        if (depends.containsKey(routine.oid())) {
            return depends.getOrDefault(routine.oid(), Optional.empty());
        }
        depends.put(routine.oid(), Optional.empty()); // while it is read, for routines that call themselves
        Optional<String> found = Optional.empty();
        for (Node query : queries(routine)) {
            found = found.isPresent() ? found : queries.dependsOn(query);
            found = found.isPresent() ? found : dependsOnCalls(query);
        }
        if (!Set.of("sql", "plpgsql").contains(routine.language())) {
            found = Optional.of("what " + routine.name() + " answers");
        }
        depends.put(routine.oid(), found);
        return found;
    }

    private List<Node> queries(Routine routine) {
        if (routine.language().equals("sql")) {
            return texts.statements(routine.definition());
        }
        List<Node> found = new ArrayList<>();
        for (Node function : texts.functions(routine.definition())) {
            for (Node expression : function.all("PLpgSQL_expr")) {
                Node query = query(expression.text("query"), expression.number("parseMode"));
                if (query != null) {
                    found.add(query);
                }
            }
        }
        return found;
    }

    /** Calls in an expression or query. */
    void calls(Node query, @Nullable String unsure) throws SQLException {
        for (Node call : query.all("FuncCall")) {
            for (Routine routine : surroundings.routines(call.names("funcname"))) {
                if (routine.changes() && routines.add(routine.oid())) {
                    routine(routine, unsure);
                }
            }
        }
    }

    /** SQL that code makes at run time. */
    void dynamic(String expression, @Nullable String unsure) throws SQLException {
        String sql = constant(expression);
        if (sql == null) {
            doubt("it makes SQL when it runs: " + brief(expression));
        } else {
            runs(sql, unsure);
        }
    }

    /** The query that an expression of constants makes. */
    Optional<Node> made(String expression) throws SQLException {
        String sql = constant(expression);
        List<Node> read = sql == null ? List.of() : texts.statements(sql);
        return read.size() == 1 ? Optional.of(read.getFirst()) : Optional.empty();
    }

    private @Nullable String constant(String expression) throws SQLException {
        Node query = query(expression, EXPRESSION);
        return query == null ? null : queries.constant(query, expression).orElse(null);
    }

    private void within(Node node, String sql, @Nullable String unsure) throws SQLException {
        switch (node.tag()) {
            case "DoStmt" -> block(node, sql, unsure);
            case "CallStmt" -> calls(node, unsure);
            case "ExplainStmt" -> {
                Node query = node.child("query");
                if (query != null && executes(node)) {
                    runs(query, sql, unsure);
                }
            }
            case "ExecuteStmt" -> {
                Node query = prepared.get(node.text("name"));
                if (query == null) {
                    doubt("what " + node.text("name") + " was prepared as is not known");
                } else {
                    runs(query, sql, unsure);
                }
            }
            default -> {
                if (RUN.contains(node.tag())) {
                    query(node, unsure);
                }
            }
        }
    }

    /** Changes in WITH or COPY, and calls: how often these are made depends on the rows that the query reads. */
    private void query(Node node, @Nullable String unsure) throws SQLException {
        for (Node below : node.children()) {
            for (String change : CHANGES) {
                for (Node inner : below.all(change)) {
                    statements.add(inner);
                }
            }
        }
        String rows = unsure;
        if (unsure == null && node.all("RangeVar").size() > 0) {
            rows = queries.table(node).map(table -> "the rows of " + table).orElse(null);
        }
        calls(node, rows);
    }

    private void block(Node node, String sql, @Nullable String unsure) throws SQLException {
        for (Node argument : node.list("args")) {
            Node value = argument.child("arg");
            String language = value == null ? null : value.constant();
            if (argument.text("defname").equals("language") && !"plpgsql".equals(language)) {
                doubt("code in " + language + " is not read");
                return;
            }
        }
        plpgsql(sql, "its code", unsure);
    }

    private void plpgsql(String sql, String what, @Nullable String unsure) throws SQLException {
        List<Node> functions = texts.functions(sql);
        if (functions.isEmpty()) {
            doubt(what + " cannot be read");
        }
        for (Node function : functions) {
            new Path(this, function).walk(unsure);
        }
    }

    private void routine(Routine routine, @Nullable String unsure) throws SQLException {
        switch (routine.language()) {
            case "plpgsql" -> plpgsql(routine.definition(), routine.name(), unsure);
            case "sql" -> runs(routine.definition(), unsure);
            default -> doubt("it calls " + routine.name() + ", and code in " + routine.language() + " is not read");
        }
    }

    /** Whether EXPLAIN has ANALYZE. */
    private static boolean executes(Node explain) {
        boolean analyze = false;
        for (Node option : explain.list("options")) {
            Node value = option.child("arg");
            String word = value == null ? "true" : String.valueOf(value.constant());
            if (option.text("defname").equals("analyze")) {
                analyze = !Set.of("false", "off", "0").contains(word);
            }
        }
        return analyze;
    }

    private static String brief(String sql) {
        String line = sql.strip().replaceAll("\\s+", " ");
        return line.length() <= 60 ? line : line.substring(0, 57) + "…";
    }
}
