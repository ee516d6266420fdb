package dev.pando.lint.code;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Inner;
import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Variables;
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
    static final int EXPRESSION = 2;

    /** Statements whose functions are called when they run, not when what they define is used. */
    static final Set<String> RUN = Set.of(
            "SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CreateTableAsStmt", "CopyStmt");

    /** Without GROUP BY they make one row of all. */
    private static final Set<String> AGGREGATES =
            Set.of("min", "max", "count", "sum", "avg", "array_agg", "string_agg");

    private static final Set<String> CHANGES = Set.of("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt");

    private static final List<String> DYNAMIC = List.of(
            "PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors", "PLpgSQL_stmt_open", "PLpgSQL_stmt_return_query");
    /** Statements besides queries that answer rows. */
    private static final Set<String> ANSWERS =
            Set.of("ExecuteStmt", "ExplainStmt", "FetchStmt", "CallStmt", "VariableShowStmt");

    private final Texts texts;
    private final Surroundings surroundings;
    private final Queries queries;
    private final RowCode rowCode;
    private final Map<String, Node> prepared;
    private final boolean complete;

    private final List<Inner> statements = new ArrayList<>();
    private final Set<String> doubts = new LinkedHashSet<>();
    private boolean open;
    private boolean ends;
    private final Set<Entry> routines = new HashSet<>();
    /** How many blocks around the code read handle errors at all, and how many those that rows may bring. */
    private int handling;

    private int catching;
    private Variables variables = Variables.NONE;
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
        this.rowCode = new RowCode(this, surroundings);
        this.prepared = prepared;
        this.complete = complete;
    }

    public Reading read(Node node, String sql) throws SQLException {
        within(node, sql, null, null);
        return new Reading(statements, List.copyOf(doubts), open, ends);
    }

    boolean complete() {
        return complete;
    }

    Queries queries() {
        return queries;
    }

    /** Of what cannot be read, so that it may do anything. */
    private void unread(String reason) {
        doubts.add(reason);
        open = true;
    }

    /** Of the SQL in code, {@code unsure} being why nobody knows whether it is reached, null where it is. */
    void runs(String sql, @Nullable String unsure) throws SQLException {
        runs(sql, unsure, null);
    }

    /** As well, {@code values} being what decides over the values that code has given it. */
    void runs(String sql, @Nullable String unsure, @Nullable String values) throws SQLException {
        List<Node> read = texts.statements(sql);
        if (read.isEmpty()) {
            unread("it runs what cannot be read: " + brief(sql));
        }
        for (Node node : read) {
            runs(node, sql, unsure, values);
        }
    }

    private void runs(Node node, String sql, @Nullable String unsure, @Nullable String values) throws SQLException {
        if (statements.size() == MOST_STATEMENTS) {
            unread("its code has more than " + MOST_STATEMENTS + " statements");
            return;
        }
        statements.add(new Inner(node, unsure == null, variables));
        if (unsure != null && !Quiet.is(node)) {
            doubts.add("whether it runs " + brief(sql) + " depends on " + unsure);
        }
        open |= unsure != null && makes(node);
        within(node, sql, unsure, values);
    }

    /** Of COMMIT and ROLLBACK. */
    void ends() {
        ends = true;
    }

    /** The variables around what is read from now on; answers those around what was read so far. */
    Variables around(Variables now) {
        Variables before = variables;
        variables = now;
        return before;
    }

    Variables around() {
        return variables;
    }

    void enter(boolean handles, boolean catches) {
        handling += handles ? 1 : 0;
        catching += catches ? 1 : 0;
    }

    void leave(boolean handles, boolean catches) {
        handling -= handles ? 1 : 0;
        catching -= catches ? 1 : 0;
    }

    /** Whether code around goes on after an error. */
    boolean handles() {
        return handling > 0;
    }

    /** Whether it goes on after one that rows may bring. */
    boolean catches() {
        return catching > 0;
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
        return dependsOn(query.all("FuncCall"));
    }

    private Optional<String> dependsOn(List<Node> calls) throws SQLException {
        for (Node call : calls) {
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
        Optional<String> found = switch (routine.language()) {
            case "sql" -> source(texts.statements(routine.definition()));
            case "plpgsql" -> sources(texts.functions(routine.definition()));
            default -> Optional.of("what " + routine.name() + " answers");
        };
        depends.put(routine.oid(), found);
        return found;
    }

    private Optional<String> sources(List<Node> functions) throws SQLException {
        for (Node function : functions) {
            Optional<String> found = source(function);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The first thing besides the catalogs that a PL/pgSQL function gets values from. */
    Optional<String> source(Node function) throws SQLException {
        List<Node> queries = new ArrayList<>();
        for (Node expression : function.all("PLpgSQL_expr")) {
            Node query = query(expression.text("query"), expression.number("parseMode"));
            if (query != null) {
                queries.add(query);
            }
        }
        Optional<String> found = source(queries);
        return found.isPresent() ? found : dynamicSource(function);
    }

    private Optional<String> source(List<Node> queries) throws SQLException {
        for (Node query : queries) {
            if (!RUN.contains(query.tag()) && !query.is("CallStmt")) {
                continue;
            }
            Optional<String> direct = this.queries.dependsOn(query);
            Optional<String> found = direct.isPresent() ? direct : dependsOnCalls(query);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The same of the SQL that code makes when it runs, and of cursors that others have opened. */
    Optional<String> dynamicSource(Node code) throws SQLException {
        for (String tag : DYNAMIC) {
            for (Node statement : code.all(tag)) {
                Node expression = statement.child(
                        tag.equals("PLpgSQL_stmt_dynexecute") || tag.equals("PLpgSQL_stmt_dynfors")
                                ? "query"
                                : "dynquery");
                Optional<String> found = expression == null ? Optional.empty() : madeSource(expression.text("query"));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return code.all("PLpgSQL_stmt_fetch").isEmpty()
                        || !code.all("PLpgSQL_stmt_open").isEmpty()
                ? Optional.empty()
                : Optional.of("a cursor");
    }

    Optional<String> madeSource(String expression) throws SQLException {
        Optional<Node> made = made(expression);
        if (made.isEmpty() || ANSWERS.contains(made.get().tag())) {
            return Optional.of("a query that it makes when it runs");
        }
        return RUN.contains(made.get().tag()) ? source(List.of(made.get())) : Optional.empty();
    }

    /** Calls in an expression or query: whether they are made, and with what, may depend on what the query reads. */
    void calls(Node query, @Nullable String unsure, @Nullable String values) throws SQLException {
        List<Node> calls = query.all("FuncCall");
        for (int i = 0; i < calls.size(); i++) {
            for (Routine routine : surroundings.routines(calls.get(i).names("funcname"))) {
                if (!routine.changes()) {
                    continue;
                }
                String reason = unsure == null ? values : unsure;
                if (reason == null) {
                    List<Node> others = new ArrayList<>(calls);
                    others.remove(i);
                    reason = queries.dependsOn(query).orElse(null);
                    reason = reason == null ? dependsOn(others).orElse(null) : reason;
                }
                boolean eachRow = !query.list("fromClause").isEmpty()
                        && !few(query)
                        && (queries.table(query).isPresent()
                                || !query.all("RangeFunction").isEmpty());
                enter(routine, reason, eachRow ? variables.looping(Set.of(), false, false) : variables);
            }
        }
    }

    /** Whether its own words say that it has few rows: a LIMIT, or a lone aggregate. */
    static boolean few(Node query) {
        Node limit = query.child("limitCount");
        String count = limit == null ? null : limit.constant();
        boolean aggregates = query.list("groupClause").isEmpty()
                && query.list("targetList").stream()
                        .flatMap(target -> target.all("FuncCall").stream())
                        .anyMatch(call ->
                                AGGREGATES.contains(call.names("funcname").getLast()));
        return aggregates || (count != null && count.matches("\\d{1,3}"));
    }

    /** The code of a routine, once for each way in which it makes a difference where it is called. */
    void enter(Routine routine, @Nullable String unsure, Variables there) throws SQLException {
        if (routines.add(new Entry(routine.oid(), unsure == null, there))) {
            Variables outer = around(there);
            routine(routine, unsure);
            around(outer);
        }
    }

    private record Entry(long routine, boolean sure, Variables variables) {}

    /** SQL that code makes at run time. */
    void dynamic(String expression, @Nullable String unsure) throws SQLException {
        String sql = constant(expression);
        if (sql == null) {
            unread("it makes SQL when it runs: " + brief(expression));
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

    private void within(Node node, String sql, @Nullable String unsure, @Nullable String values) throws SQLException {
        switch (node.tag()) {
            case "DoStmt" -> block(node, sql, unsure);
            case "CallStmt" -> calls(node, unsure, values);
            case "ExplainStmt" -> {
                Node query = node.child("query");
                if (query != null && executes(node)) {
                    runs(query, sql, unsure, values);
                }
            }
            case "ExecuteStmt" -> {
                Node query = prepared.get(node.text("name"));
                if (query == null) {
                    unread("what " + node.text("name") + " was prepared as is not known");
                } else {
                    runs(query, sql, unsure, values);
                }
            }
            case "AlterTableStmt", "AlterDomainStmt" -> rowCode.computed(node, unsure);
            case "TruncateStmt" -> rowCode.fired(node, unsure);
            default -> {
                if (RUN.contains(node.tag())) {
                    query(node, unsure, values);
                }
            }
        }
    }

    /** Changes in WITH or COPY, and calls. */
    private void query(Node node, @Nullable String unsure, @Nullable String values) throws SQLException {
        for (Node below : node.children()) {
            for (String change : CHANGES) {
                for (Node inner : below.all(change)) {
                    statements.add(new Inner(inner, unsure == null, variables));
                    rowCode.fired(inner, unsure);
                }
            }
        }
        rowCode.fired(node, unsure);
        calls(node, unsure, values);
    }

    private void block(Node node, String sql, @Nullable String unsure) throws SQLException {
        for (Node argument : node.list("args")) {
            Node value = argument.child("arg");
            String language = value == null ? null : value.constant();
            if (argument.text("defname").equals("language") && !"plpgsql".equals(language)) {
                unread("code in " + language + " is not read");
                return;
            }
        }
        plpgsql(sql, "its code", unsure);
    }

    private void plpgsql(String sql, String what, @Nullable String unsure) throws SQLException {
        List<Node> functions = texts.functions(sql);
        if (functions.isEmpty()) {
            unread(what + " cannot be read");
        }
        for (Node function : functions) {
            Variables outer = around(variables);
            new Path(this, function).walk(unsure);
            around(outer);
        }
    }

    private void routine(Routine routine, @Nullable String unsure) throws SQLException {
        switch (routine.language()) {
            case "plpgsql" -> plpgsql(routine.definition(), routine.name(), unsure);
            case "sql" -> {
                Variables outer = around(variables.within(Set.of(), Set.of(), false));
                runs(routine.definition(), unsure);
                around(outer);
            }
            default -> unread("it calls " + routine.name() + ", and code in " + routine.language() + " is not read");
        }
    }

    /** Whether it makes a relation, a column or a name, which later statements may miss. */
    private static boolean makes(Node node) {
        return Names.created(node) != null
                || node.is("RenameStmt")
                || node.list("cmds").stream()
                        .anyMatch(command -> command.text("subtype").equals("AT_AddColumn"));
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
