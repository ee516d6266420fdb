package dev.pando.core.route;

import dev.pando.base.error.PandoError;

/** Statements about the session: transactions, settings, cursors, prepared statements, notifications. */
final class SessionPlanner {
    private final Planning planning;
    private final Planner.Placer placer;

    SessionPlanner(Planning planning, Planner.Placer placer) {
        this.planning = planning;
        this.placer = placer;
    }

    /** Whether the statement is one of these. */
    static boolean knows(String kind) {
        return switch (kind) {
            case "TransactionStmt",
                    "VariableSetStmt",
                    "VariableShowStmt",
                    "DiscardStmt",
                    "DeallocateStmt",
                    "DeclareCursorStmt",
                    "FetchStmt",
                    "ClosePortalStmt",
                    "ListenStmt",
                    "UnlistenStmt",
                    "NotifyStmt",
                    "LoadStmt",
                    "DoStmt",
                    "CallStmt",
                    "ConstraintsSetStmt",
                    "ExplainStmt" -> true;
            default -> false;
        };
    }

    /** Whether it runs no code of the database. */
    static boolean transactional(String kind) {
        return switch (kind) {
            case "TransactionStmt",
                    "VariableSetStmt",
                    "VariableShowStmt",
                    "DiscardStmt",
                    "DeallocateStmt",
                    "FetchStmt",
                    "ClosePortalStmt",
                    "ListenStmt",
                    "UnlistenStmt",
                    "NotifyStmt",
                    "ConstraintsSetStmt" -> true;
            default -> false;
        };
    }

    Placed place(Ast statement) {
        return switch (statement.kind()) {
            case "TransactionStmt" -> transaction(statement);
            case "VariableSetStmt" -> set(statement);
            case "ListenStmt", "UnlistenStmt" -> Placed.NOWHERE;
            case "NotifyStmt" -> Placed.HOME;
            case "DoStmt", "CallStmt" -> code(statement);
            case "DeclareCursorStmt" -> declare(statement);
            case "ClosePortalStmt" -> statement.text("portalname").isEmpty() ? Placed.NOWHERE : Placed.CURRENT;
            case "ExplainStmt" -> within(statement, "EXPLAIN");
            case "DiscardStmt" -> statement.text("target").equals("DISCARD_ALL") ? Placed.NOWHERE : Placed.CURRENT;
            case "DeallocateStmt" -> Placed.NOWHERE;
            default -> Placed.CURRENT;
        };
    }

    private Placed transaction(Ast statement) {
        return switch (statement.text("kind")) {
            case "TRANS_STMT_BEGIN", "TRANS_STMT_START" -> Placed.NOWHERE;
            case "TRANS_STMT_PREPARE", "TRANS_STMT_COMMIT_PREPARED", "TRANS_STMT_ROLLBACK_PREPARED" -> {
                if (planning.catalog.shardCount() > 1) {
                    throw Refused.shape("PREPARE TRANSACTION by a client");
                }
                yield statement.text("kind").equals("TRANS_STMT_PREPARE") ? Placed.NOWHERE : Placed.CURRENT;
            }
            default -> Placed.CURRENT;
        };
    }

    private Placed set(Ast statement) {
        if (statement.text("kind").equals("VAR_SET_CURRENT")) {
            throw new Refused(
                    PandoError.SETTING_REFUSED,
                    statement.text("name"),
                    "its current value with FROM CURRENT",
                    "which value that is differs between server connections");
        }
        try {
            SettingRules.check(statement, planning);
        } catch (Refused why) {
            return new Placed(new Target.Nowhere(), why.refuse());
        }
        return Placed.CURRENT;
    }

    /** What DO and CALL run cannot be seen. */
    private Placed code(Ast statement) {
        if (statement.is("DoStmt") && Hidden.spread(planning)) {
            throw new Refused(PandoError.FUNCTION_UNSAFE, "DO");
        }
        Hidden.check(statement, planning);
        return Placed.HOME;
    }

    /** A cursor over several shards reads as its query would, forward only. */
    private Placed declare(Ast statement) {
        Ast query = statement.child("query");
        if (query == null) {
            return Placed.CURRENT;
        }
        Placed inner = placer.place(query);
        if (CursorCommands.scrolls(statement) && inner.across() instanceof Across.Merge) {
            return Placed.oneOf(inner.target(), "SCROLL CURSOR");
        }
        return inner;
    }

    /** Where the statement inside goes, if that is one shard. */
    private Placed within(Ast statement, String shape) {
        Ast query = statement.child("query");
        if (query == null) {
            return Placed.CURRENT;
        }
        Placed inner = placer.place(query);
        if (inner.single() || inner.target() instanceof Target.Current) {
            return inner;
        }
        boolean keyed = inner.target() instanceof Target.ByKey;
        return Placed.oneOf(keyed ? inner.target() : new Target.All(), shape);
    }
}
