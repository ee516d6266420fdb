package dev.pando.core.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What kind of command a statement is, and why it ties a session to its server connection: both without regard to tables. */
final class Commands {
    private static final Set<String> WRITES = Set.of(
            "InsertStmt",
            "UpdateStmt",
            "DeleteStmt",
            "MergeStmt",
            "NotifyStmt",
            "LockStmt",
            "DoStmt",
            "CallStmt",
            "VacuumStmt",
            "ClusterStmt",
            "ReindexStmt",
            "CheckPointStmt",
            "TruncateStmt",
            "RefreshMatViewStmt",
            "LoadStmt",
            "RepackStmt");
    private static final Set<String> READS = Set.of("VariableShowStmt", "ConstraintsSetStmt");

    private Commands() {}

    static Command of(Ast statement, Planning planning) {
        Command executes = executes(statement);
        return executes == null ? own(statement, planning) : executes;
    }

    private static Command own(Ast statement, Planning planning) {
        return switch (statement.kind()) {
            case "SelectStmt" -> select(statement, planning);
            case "TransactionStmt" -> transaction(statement);
            case "VariableSetStmt" -> set(statement);
            case "DiscardStmt" ->
                statement.text("target").equals("DISCARD_ALL") ? new Command.Discard() : new Command.Write();
            case "DeallocateStmt" -> {
                String name = statement.text("name");
                yield new Command.Deallocate(name.isEmpty() ? null : name);
            }
            case "PrepareStmt" -> new Command.Prepare(statement.text("name"));
            case "ExecuteStmt" -> new Command.ExecutePrepared(statement.text("name"));
            case "CopyStmt" -> copy(statement);
            case "ListenStmt" -> new Command.Listen(statement.text("conditionname"));
            case "UnlistenStmt" -> {
                String channel = statement.text("conditionname");
                yield new Command.Unlisten(channel.isEmpty() ? null : channel);
            }
            case "ExplainStmt" -> explain(statement, planning);
            case "DeclareCursorStmt", "FetchStmt", "ClosePortalStmt" -> CursorCommands.of(statement, planning);
            case "UpdateStmt", "DeleteStmt" -> CursorCommands.writing(statement);
            default -> plain(statement.kind());
        };
    }

    /** The EXECUTE that a statement consists of, or is about; null when it is none. */
    private static @Nullable Command executes(Ast statement) {
        Ast query = statement.child("query");
        if (query != null && statement.is("ExplainStmt") && query.is("CreateTableAsStmt")) {
            return executes(query);
        }
        return query != null && query.is("ExecuteStmt") ? new Command.ExecutePrepared(query.text("name")) : null;
    }

    private static Command plain(String kind) {
        if (WRITES.contains(kind)) {
            return new Command.Write();
        }
        return READS.contains(kind) ? new Command.Read() : new Command.Ddl();
    }

    private static Command copy(Ast copy) {
        if (!copy.text("filename").isEmpty()) {
            return new Command.Write();
        }
        return copy.flag("is_from") ? new Command.CopyIn() : new Command.CopyOut();
    }

    private static Command select(Ast select, Planning planning) {
        if (select.has("intoClause")) {
            return new Command.Ddl();
        }
        Command call = PandoCalls.of(select, planning);
        if (call != null) {
            return call;
        }
        boolean writes = select.contains("LockingClause")
                || select.contains("InsertStmt")
                || select.contains("UpdateStmt")
                || select.contains("DeleteStmt")
                || select.contains("MergeStmt")
                || Functions.onlyHome(select) != null
                || Functions.needsHome(select) != null
                || Hidden.in(select, planning) != null;
        return writes ? new Command.Write() : new Command.Read();
    }

    private static Command explain(Ast explain, Planning planning) {
        Ast query = explain.child("query");
        if (explain.list("options").stream().anyMatch(option -> option.has("arg"))) {
            planning.literalMatters();
        }
        boolean runs = explain.list("options").stream()
                .anyMatch(option -> option.text("defname").equals("analyze") && !off(option));
        return query != null && runs && !(of(query, planning) instanceof Command.Read)
                ? new Command.Write()
                : new Command.Read();
    }

    private static boolean off(Ast option) {
        Ast argument = option.child("arg");
        String text =
                argument == null ? "" : argument.text("sval") + argument.text("boolval") + argument.number("ival");
        return argument != null && (text.startsWith("off") || text.startsWith("false") || text.equals("0"));
    }

    private static Command transaction(Ast statement) {
        boolean chain = statement.flag("chain");
        String savepoint = statement.text("savepoint_name");
        return switch (statement.text("kind")) {
            case "TRANS_STMT_BEGIN", "TRANS_STMT_START" -> begin(statement);
            case "TRANS_STMT_COMMIT" -> new Command.Commit(chain);
            case "TRANS_STMT_ROLLBACK" -> new Command.Rollback(chain);
            case "TRANS_STMT_PREPARE" -> new Command.PrepareTransaction();
            case "TRANS_STMT_SAVEPOINT" -> new Command.Savepoint(savepoint);
            case "TRANS_STMT_RELEASE" -> new Command.Release(savepoint);
            case "TRANS_STMT_ROLLBACK_TO" -> new Command.RollbackTo(savepoint);
            default -> new Command.Write();
        };
    }

    private static Command begin(Ast statement) {
        String isolation = null;
        boolean readOnly = false;
        for (Ast option : statement.list("options")) {
            Ast value = option.child("arg");
            if (value != null && option.text("defname").equals("transaction_isolation")) {
                isolation = string(value);
            } else if (value != null && option.text("defname").equals("transaction_read_only")) {
                Ast number = value.child("ival");
                readOnly = number != null && number.number("ival") == 1;
            }
        }
        return new Command.Begin(isolation == null ? null : isolation.toLowerCase(Locale.ROOT), readOnly);
    }

    /** The text of a string constant, empty for anything else. */
    static String string(Ast constant) {
        Ast value = constant.is("A_Const") ? constant.child("sval") : constant;
        return value == null ? "" : value.text("sval");
    }

    private static Command set(Ast statement) {
        String name = statement.text("name").toLowerCase(Locale.ROOT);
        return switch (statement.text("kind")) {
            case "VAR_RESET_ALL" -> new Command.ResetAll();
            case "VAR_RESET" -> new Command.Reset(name);
            case "VAR_SET_DEFAULT" ->
                statement.flag("is_local") ? new Command.ResetLocally(name) : new Command.Reset(name);
            default -> new Command.Set(name, statement.flag("is_local") || name.equals("transaction"));
        };
    }

    /** Why a session has to keep its server connection after the statement, null when it need not. */
    static @Nullable String pin(Ast statement, List<String> searchPath) {
        return switch (statement.kind()) {
            case "LoadStmt" -> "LOAD";
            case "DeclareCursorStmt" -> CursorCommands.held(statement) ? "DECLARE … WITH HOLD" : null;
            case "PrepareStmt", "CreateForeignTableStmt", "VariableSetStmt" -> null;
            default -> Temporary.is(statement, searchPath) ? "temporary object" : lock(statement);
        };
    }

    private static @Nullable String lock(Ast statement) {
        String function = Functions.sessionLock(statement);
        return function == null ? null : "advisory lock (" + function + ")";
    }

    /** The names a statement gives to what it makes. */
    static List<Ast> made(Ast statement) {
        List<Ast> made = new ArrayList<>();
        Ast into = statement.child(statement.is("SelectStmt") ? "intoClause" : "into");
        for (Ast holder : into == null ? List.of(statement) : List.of(into)) {
            for (String field : List.of("relation", "rel", "view", "sequence", "typevar")) {
                Ast relation = holder.child(field);
                if (relation != null) {
                    made.add(relation);
                }
            }
        }
        return made;
    }
}
