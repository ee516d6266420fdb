package dev.pando.core.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Transaction and settings of one connection to a model server, and what its SQL does. */
final class ModelSession {
    enum State {
        NONE,
        /** Until the end of the query string or Sync. */
        IMPLICIT,
        BLOCK,
        FAILED
    }

    /** What a statement answers; {@code rows} null when it returns none, warnings are SQLSTATEs. */
    record Answer(
            String tag,
            @Nullable List<List<String>> rows,
            @Nullable String warning) {
        static Answer tag(String tag) {
            return new Answer(tag, null, null);
        }

        static Answer rows(List<List<String>> rows) {
            return new Answer("SELECT " + rows.size(), rows, null);
        }
    }

    private record Savepoint(
            int serial,
            String name,
            int undo,
            ModelChannels.Mark mark,
            Map<String, String> settings,
            Map<String, String> local) {}

    static final Map<String, String> DEFAULTS = Map.of(
            "work_mem",
            "4MB",
            "lock_timeout",
            "0",
            "search_path",
            "\"$user\", public",
            "application_name",
            "",
            "timezone",
            "UTC");

    private final ModelDatabase database;
    private final ModelChannels channels;
    private final List<Savepoint> savepoints = new ArrayList<>();
    private final Map<String, String> defaults = new HashMap<>(DEFAULTS);
    private State state = State.NONE;
    private int savepointsSet;
    private int undoneFrom;
    /** A statement has been executed since the transaction began: a simple query that comes before Sync leaves it open. */
    private boolean executed;

    private ModelDatabase.Undo undo = new ModelDatabase.Undo();
    private Map<String, String> settings = new HashMap<>();
    private Map<String, String> local = new HashMap<>();
    private Map<String, String> settingsBefore = Map.of();

    ModelSession(ModelDatabase database) {
        this.database = database;
        this.channels = new ModelChannels(database);
    }

    State state() {
        return state;
    }

    ModelChannels channels() {
        return channels;
    }

    int savepointsSet() {
        return savepointsSet;
    }

    /** The savepoint that the last ROLLBACK TO went back to. */
    int undoneFrom() {
        return undoneFrom;
    }

    char status() {
        return switch (state) {
            case NONE -> 'I';
            case IMPLICIT, BLOCK -> 'T';
            case FAILED -> 'E';
        };
    }

    /** Settings of the startup packet: RESET falls back to them. */
    void startup(Map<String, String> parameters) {
        defaults.putAll(parameters);
    }

    Map<String, String> settings() {
        return settings;
    }

    void executed(ModelSql.Parsed sql) {
        executed |= !sql.kind().controlsTransaction();
    }

    /** A query string of one statement ends a transaction that nothing has been executed in. */
    void endQuery(boolean several) {
        if (several || !executed) {
            endImplicit();
        }
    }

    /** Every statement runs in a transaction. */
    void ensureTransaction() {
        if (state == State.NONE) {
            start(State.IMPLICIT);
        }
    }

    private void start(State as) {
        if (state == State.NONE) {
            undo = new ModelDatabase.Undo();
            settingsBefore = Map.copyOf(settings);
        }
        state = as;
    }

    void endImplicit() {
        if (state == State.IMPLICIT) {
            commit();
        }
    }

    private void commit() {
        database.committed(undo);
        over();
        channels.commit();
    }

    private void over() {
        undo = new ModelDatabase.Undo();
        local.clear();
        savepoints.clear();
        executed = false;
        state = State.NONE;
    }

    void rollback() {
        if (state != State.NONE) {
            undo.back(0);
            settings = new HashMap<>(settingsBefore);
            channels.rollback();
            over();
        }
    }

    /** The connection is gone. */
    void gone() {
        rollback();
        channels.silence();
        database.unlockAll(this);
    }

    /** Whether the session keeps locks that outlive its transactions. */
    boolean locks() {
        return database.locks(this);
    }

    /** A statement failed. */
    void failed() {
        if (state == State.IMPLICIT) {
            rollback();
        } else if (state == State.BLOCK) {
            state = State.FAILED;
        }
    }

    void refuseIfFailed(ModelSql.Parsed sql) {
        if (state == State.FAILED && !sql.kind().endsTransaction()) {
            throw new SqlError("25P02", "current transaction is aborted");
        }
    }

    Answer run(ModelSql.Parsed sql, List<@Nullable String> parameters) {
        refuseIfFailed(sql);
        return switch (sql.kind()) {
            case BEGIN -> begin(sql.sql().toUpperCase(Locale.ROOT).startsWith("START") ? "START TRANSACTION" : "BEGIN");
            case COMMIT -> end(state != State.FAILED);
            case ROLLBACK -> end(false);
            case SAVEPOINT -> {
                requireBlock("SAVEPOINT");
                savepoints.add(new Savepoint(
                        ++savepointsSet,
                        sql.group(1),
                        undo.size(),
                        channels.mark(),
                        Map.copyOf(settings),
                        Map.copyOf(local)));
                yield Answer.tag("SAVEPOINT");
            }
            case RELEASE -> {
                requireBlock("RELEASE SAVEPOINT");
                int at = savepoint(sql.group(1));
                savepoints.subList(at, savepoints.size()).clear();
                yield Answer.tag("RELEASE");
            }
            case ROLLBACK_TO -> rollbackTo(sql.group(1));
            case PREPARE_TRANSACTION -> prepare(sql.group(1));
            case COMMIT_PREPARED -> finishPrepared(sql.group(1), true);
            case ROLLBACK_PREPARED -> finishPrepared(sql.group(1), false);
            case DECIDE -> {
                database.decide(undo, sql.group(1));
                yield Answer.rows(List.of(List.of("")));
            }
            case LISTEN, UNLISTEN, NOTIFY, CHANNELS -> channel(sql);
            case SET, SET_LOCAL, SET_CONFIG, RESET, RESET_ALL, DISCARD, SHOW, LOOK, SECRETLY -> setting(sql);
            case INSERT, UPDATE_ONE, UPDATE_ALL, DELETE_ONE, DELETE_ALL -> write(sql, parameters);
            case SELECT_ONE, SELECT_ALL, SELECT_ORDERED, COUNT -> read(sql, parameters);
            case SYNTAX -> throw new SqlError("42601", "syntax error");
            case DIVIDE -> throw new SqlError("22012", "division by zero");
            case NO_COLUMN -> throw new SqlError("42703", "column \"nope\" does not exist");
            case FUNCTION ->
                Answer.rows(
                        List.of(List.of("pg_catalog", sql.group(1).equals("2078") ? "set_config" : "pg_backend_pid")));
            case SLEEP -> Answer.rows(List.of(List.of("")));
            case SHAPE -> Answer.rows(List.of(List.of("round")));
            case WORD -> Answer.rows(List.of(List.of(sql.value(sql.group(1), parameters))));
            case MOMENT ->
                Answer.rows(
                        List.of(List.of(parameters.isEmpty() ? moment(sql) : String.valueOf(parameters.getFirst()))));
            case LOCK -> {
                if (!database.lock(sql.group(1), this)) {
                    throw new SqlError("55P03", "lock " + sql.group(1) + " is held by another session");
                }
                yield Answer.rows(List.of(List.of("")));
            }
            case UNLOCK -> Answer.rows(List.of(List.of(database.unlock(sql.group(1), this) ? "t" : "f")));
            case DDL -> Answer.tag("CREATE TABLE");
            case COPY_IN, COPY_OUT -> throw new AssertionError("COPY is the protocol's");
        };
    }

    /** How a literal is read by the settings there are now. */
    String moment(ModelSql.Parsed sql) {
        return sql.value(sql.group(1), List.of()) + " in " + value("timezone");
    }

    private String value(String name) {
        return local.getOrDefault(name, settings.getOrDefault(name, defaults.getOrDefault(name, "")));
    }

    private Answer begin(String tag) {
        if (state == State.BLOCK) {
            return new Answer(tag, null, "25001");
        }
        start(State.BLOCK);
        return Answer.tag(tag);
    }

    private Answer end(boolean commit) {
        String warning = state == State.IMPLICIT || state == State.NONE ? "25P01" : null;
        if (commit) {
            commit();
        } else {
            rollback();
        }
        return new Answer(commit ? "COMMIT" : "ROLLBACK", null, warning);
    }

    private void requireBlock(String command) {
        if (state != State.BLOCK && state != State.FAILED) {
            throw new SqlError("25P01", command + " can only be used in transaction blocks");
        }
    }

    private int savepoint(String name) {
        for (int i = savepoints.size() - 1; i >= 0; i--) {
            if (savepoints.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new SqlError("3B001", "savepoint \"" + name + "\" does not exist");
    }

    private Answer rollbackTo(String name) {
        requireBlock("ROLLBACK TO SAVEPOINT");
        int at = savepoint(name);
        Savepoint savepoint = savepoints.get(at);
        undoneFrom = savepoint.serial();
        undo.back(savepoint.undo());
        channels.back(savepoint.mark());
        settings = new HashMap<>(savepoint.settings());
        local = new HashMap<>(savepoint.local());
        savepoints.subList(at + 1, savepoints.size()).clear();
        state = State.BLOCK;
        return Answer.tag("ROLLBACK");
    }

    private Answer prepare(String transaction) {
        if (state != State.BLOCK) {
            return end(false);
        }
        refuseIfSharded();
        if (transaction.equals("on a standby")) {
            throw new SqlError("25006", "cannot execute PREPARE TRANSACTION during recovery");
        }
        if (channels.pending()) {
            rollback();
            throw new SqlError("0A000", "cannot PREPARE a transaction that has executed LISTEN, UNLISTEN, or NOTIFY");
        }
        database.prepare(transaction, undo);
        over();
        return Answer.tag("PREPARE TRANSACTION");
    }

    private void refuseIfSharded() {
        if (database.sharded()) {
            throw new SqlError("0A000", "PREPARE TRANSACTION belongs to Pando");
        }
    }

    private Answer finishPrepared(String transaction, boolean commit) {
        refuseIfSharded();
        if (state == State.BLOCK) {
            throw new SqlError("25001", "COMMIT PREPARED cannot run inside a transaction block");
        }
        if (!database.finish(transaction, commit)) {
            throw new SqlError("42704", "prepared transaction \"" + transaction + "\" does not exist");
        }
        return Answer.tag(commit ? "COMMIT PREPARED" : "ROLLBACK PREPARED");
    }

    private Answer channel(ModelSql.Parsed sql) {
        return switch (sql.kind()) {
            case LISTEN -> {
                channels.listen(sql.group(1));
                yield Answer.tag("LISTEN");
            }
            case UNLISTEN -> {
                channels.unlisten(sql.group(1));
                yield Answer.tag("UNLISTEN");
            }
            case NOTIFY -> {
                channels.notify(sql.group(1), sql.group(2));
                yield Answer.tag("NOTIFY");
            }
            default -> {
                yield Answer.rows(channels.listening().stream().map(List::of).toList());
            }
        };
    }

    private Answer setting(ModelSql.Parsed sql) {
        return switch (sql.kind()) {
            case SET -> {
                settings.put(sql.group(1), sql.group(2));
                local.remove(sql.group(1));
                yield Answer.tag("SET");
            }
            case LOOK -> {
                List<List<String>> rows = new ArrayList<>();
                if (sql.sql().contains("'SETTINGS' AS kind")) {
                    rows.add(List.of("path", "", "public"));
                    settings.forEach((name, value) -> rows.add(List.of("SETTINGS", name, value)));
                }
                if (sql.sql().contains("'LOCKS' AS kind") && database.locks(this)) {
                    rows.add(List.of("LOCKS", "", ""));
                }
                if (sql.sql().contains("'PREPARED' AS kind")) {
                    // Asked only after a DO, which has always PREPAREd something here.
                    rows.add(List.of("PREPARED", "", ""));
                }
                yield Answer.rows(rows);
            }
            case SET_CONFIG, SECRETLY -> {
                settings.put(sql.group(1), sql.group(2));
                yield Answer.rows(List.of(List.of(sql.group(2))));
            }
            case SET_LOCAL -> {
                if (state != State.BLOCK) {
                    yield new Answer("SET", null, "25P01");
                }
                local.put(sql.group(1), sql.group(2));
                yield Answer.tag("SET");
            }
            case RESET -> {
                settings.remove(sql.group(1));
                local.remove(sql.group(1));
                yield Answer.tag("RESET");
            }
            case RESET_ALL, DISCARD -> {
                if (sql.kind() == ModelSql.Kind.DISCARD && state != State.IMPLICIT) {
                    throw new SqlError("25001", "DISCARD ALL cannot run inside a transaction block");
                }
                settings.clear();
                local.clear();
                if (sql.kind() == ModelSql.Kind.DISCARD) {
                    database.unlockAll(this);
                    channels.silence();
                }
                yield Answer.tag(sql.kind() == ModelSql.Kind.DISCARD ? "DISCARD ALL" : "RESET");
            }
            default -> {
                yield new Answer("SHOW", List.of(List.of(value(sql.group(1)))), null);
            }
        };
    }

    private Answer write(ModelSql.Parsed sql, List<@Nullable String> parameters) {
        String table = sql.group(1);
        NavigableMap<Long, String> rows = database.table(table);
        return switch (sql.kind()) {
            case INSERT -> {
                List<List<String>> returned = new ArrayList<>();
                for (List<String> row : sql.rows(parameters)) {
                    insert(table, row);
                    returned.add(row.subList(0, 1));
                }
                yield new Answer("INSERT 0 " + returned.size(), sql.returning() ? returned : null, null);
            }
            case UPDATE_ONE -> {
                long key = ModelSql.number(sql.value(sql.group(3), parameters));
                boolean found = rows.containsKey(key);
                if (found) {
                    database.put(undo, table, key, sql.value(sql.group(2), parameters));
                }
                yield Answer.tag("UPDATE " + (found ? 1 : 0));
            }
            case UPDATE_ALL -> {
                String value = sql.value(sql.group(2), parameters);
                List<Long> keys = List.copyOf(rows.keySet());
                keys.forEach(key -> database.put(undo, table, key, value));
                List<List<String>> returned =
                        keys.stream().map(key -> List.of(Long.toString(key))).toList();
                yield new Answer("UPDATE " + rows.size(), sql.returning() ? returned : null, null);
            }
            case DELETE_ONE -> {
                long key = ModelSql.number(sql.value(sql.group(2), parameters));
                boolean found = rows.containsKey(key);
                if (found) {
                    database.remove(undo, table, key);
                }
                yield Answer.tag("DELETE " + (found ? 1 : 0));
            }
            default -> {
                List<Long> keys = List.copyOf(rows.keySet());
                keys.forEach(key -> database.remove(undo, table, key));
                yield Answer.tag("DELETE " + keys.size());
            }
        };
    }

    /** A row of COPY or INSERT. */
    void insert(String table, List<String> row) {
        long key = ModelSql.number(row.getFirst());
        if (database.table(table).containsKey(key)) {
            throw new SqlError("23505", "duplicate key value violates unique constraint \"" + table + "_pkey\"");
        }
        database.put(undo, table, key, row.get(1));
    }

    List<List<String>> all(String table) {
        List<List<String>> rows = new ArrayList<>();
        database.table(table).forEach((key, value) -> rows.add(List.of(Long.toString(key), value)));
        return rows;
    }

    private Answer read(ModelSql.Parsed sql, List<@Nullable String> parameters) {
        String table = sql.group(1);
        NavigableMap<Long, String> rows = database.table(table);
        return switch (sql.kind()) {
            case SELECT_ONE -> {
                String value = rows.get(ModelSql.number(sql.value(sql.group(2), parameters)));
                yield Answer.rows(value == null ? List.of() : List.of(List.of(value)));
            }
            case SELECT_ALL -> {
                yield Answer.rows(all(table));
            }
            case COUNT -> {
                yield Answer.rows(List.of(List.of(Integer.toString(rows.size()))));
            }
            default -> {
                List<List<String>> ordered = new ArrayList<>();
                (sql.group(2).isEmpty() ? rows : rows.descendingMap())
                        .forEach((key, value) -> ordered.add(List.of("o", Long.toString(key), value)));
                int from = Math.min(ordered.size(), (int) sql.sum(sql.group(4), parameters, 0));
                int to = (int) Math.min(ordered.size(), from + sql.sum(sql.group(3), parameters, ordered.size()));
                yield Answer.rows(ordered.subList(from, to));
            }
        };
    }
}
