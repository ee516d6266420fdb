package dev.pando.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The session's open transaction, whatever connections it has: how it began, whether it can still succeed, what shards that join it later
 * have to run, and what of the session its end or a savepoint brings back.
 */
final class TransactionState {
    /** NONE: each statement for itself. IMPLICIT: until the end of the query string or Sync. EXPLICIT: the client said BEGIN. */
    enum Mode {
        NONE,
        IMPLICIT,
        EXPLICIT
    }

    /** What a transaction is like, for the one that COMMIT AND CHAIN or ROLLBACK AND CHAIN begins. */
    record Chain(
            String beginSql,
            List<String> characteristics,
            @Nullable String isolation) {}

    private final Settings settings;
    private final SearchPath searchPath;
    private final Prelude prelude = new Prelude();
    private Mode mode = Mode.NONE;
    private String beginSql = "BEGIN";
    private @Nullable String isolation;
    private boolean failed;
    /** A shard that took part is gone, and with it what it did: not even ROLLBACK TO SAVEPOINT helps. */
    private boolean doomed;

    private Map<String, String> settingsBefore = Map.of();
    private SearchPath.State searchPathBefore;

    TransactionState(Settings settings, SearchPath searchPath) {
        this.settings = settings;
        this.searchPath = searchPath;
        this.searchPathBefore = searchPath.state();
    }

    Mode mode() {
        return mode;
    }

    boolean open() {
        return mode != Mode.NONE;
    }

    /** Whether it can only be rolled back, as far as the session knows without its servers. */
    boolean failed() {
        return failed || doomed;
    }

    void fail() {
        failed = true;
    }

    /** Nothing but its end can follow. */
    boolean doomed() {
        return doomed;
    }

    /** The shards do not agree on what happened, or one is gone: nothing but the end of the transaction can follow. */
    void doom() {
        doomed = true;
    }

    void begin(Mode newMode, String sql, @Nullable String newIsolation) {
        if (mode == Mode.NONE) {
            settingsBefore = settings.snapshot();
            searchPathBefore = searchPath.state();
        }
        mode = newMode;
        beginSql = sql;
        isolation = newIsolation == null ? settings.isolation() : newIsolation;
    }

    /** BEGIN inside a transaction: an implicit one becomes explicit, and what it says of the transaction holds on all shards. */
    void beginAgain(String sql, @Nullable String newIsolation) {
        if (mode == Mode.IMPLICIT) {
            beginSql = sql;
        } else {
            prelude.add(sql);
            prelude.characteristic(sql);
        }
        mode = Mode.EXPLICIT;
        isolation = newIsolation == null ? isolation : newIsolation;
    }

    Chain chained() {
        return new Chain(beginSql, List.copyOf(prelude.characteristics()), isolation);
    }

    void begin(Chain chain) {
        begin(Mode.EXPLICIT, chain.beginSql(), chain.isolation());
        for (String sql : chain.characteristics()) {
            prelude.add(sql);
            prelude.characteristic(sql);
        }
    }

    /** Has been given a level or mode; its servers know, {@link #addPrelude} tells those that join. */
    void characteristic(String sql) {
        prelude.characteristic(sql);
    }

    @Nullable
    String isolation() {
        return isolation;
    }

    void isolation(String newIsolation) {
        isolation = newIsolation;
    }

    boolean wantsSnapshot() {
        return wantsSnapshot(isolation);
    }

    /** Whether the level asks for one view of everything, which several shards do not have. */
    static boolean wantsSnapshot(@Nullable String isolation) {
        return isolation != null && !isolation.equals("read committed") && !isolation.equals("read uncommitted");
    }

    /** A statement every shard that joins later has to run after its BEGIN (SET LOCAL, SAVEPOINT before the first shard). */
    void addPrelude(String sql) {
        prelude.add(sql);
    }

    /** All that a shard runs that joins, when it is BEGIN alone; else null. */
    @Nullable
    String beginAlone() {
        return prelude.steps().isEmpty() ? beginSql : null;
    }

    /** What a shard runs that joins. */
    List<String> steps() {
        List<String> steps = new ArrayList<>(prelude.steps());
        steps.addFirst(beginSql);
        return steps;
    }

    /** The session's as they were when it began. */
    Map<String, String> settingsBefore() {
        return settingsBefore;
    }

    /** Whether a failed statement's servers may be cancelled: a cancel comes late, and must not hit what ROLLBACK TO lets follow. */
    boolean mayCancel() {
        return !prelude.hasSavepoints();
    }

    boolean hasSavepoint(String name) {
        return prelude.has(name);
    }

    /** Every shard of the transaction has it now. */
    void setSavepoint(String name, String sql) {
        prelude.savepoint(name, sql, settings, searchPath.state());
    }

    /** Grows with each savepoint. */
    long savepointSerial() {
        return prelude.serial();
    }

    /** That of a savepoint that stands. */
    long savepointSerial(String name) {
        return prelude.serial(name);
    }

    void releaseSavepoint(String name) {
        prelude.release(name);
    }

    /** The session is again as it was at the savepoint. */
    void rollbackTo(String name) {
        Prelude.Savepoint savepoint = prelude.back(name);
        settings.restore(savepoint.settings());
        settings.restoreLocal(savepoint.local());
        searchPath.restore(savepoint.searchPath());
        failed = false;
    }

    /** Over on every shard. */
    void ended(boolean committed) {
        if (!committed && mode != Mode.NONE) {
            settings.restore(settingsBefore);
            searchPath.restore(searchPathBefore);
        }
        mode = Mode.NONE;
        failed = false;
        doomed = false;
        isolation = null;
        prelude.clear();
    }
}
