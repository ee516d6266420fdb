package dev.pando.rehearse.watch;

import dev.pando.lab.ForeignStatement;
import dev.pando.lab.Messages;
import dev.pando.rehearse.traffic.Request;
import dev.pando.rehearse.traffic.Script;
import dev.pando.rehearse.traffic.Turn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A session of the traffic: does what its script says when that is due, on a thread of its own, and notes how long each took. */
public final class Client implements AutoCloseable {
    private static final Request ROLLBACK = new Request("ROLLBACK", List.of(), List.of());

    /** Makes a new session. */
    public interface Opening {
        Connection open() throws SQLException;
    }

    private final Opening opening;
    private final Script.Turns turns;
    private final long begun;
    private final Answers answers = new Answers();
    private final Thread thread;
    private volatile Connection connection;
    private volatile int pid;
    private volatile List<String> tables = List.of();
    private volatile long due;
    private volatile Position position = new Position(0, 0);
    private volatile boolean ending;

    /** @param begun {@code System.nanoTime()} when the traffic begins */
    public Client(Opening opening, Script script, long begun) throws SQLException {
        this.opening = opening;
        this.turns = script.begin();
        this.begun = begun;
        this.connection = opening.open();
        this.pid = pid(connection);
        this.thread = Thread.ofVirtual().name("pando-client").unstarted(this::run);
    }

    private static int pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    public void start() {
        thread.start();
    }

    public int pid() {
        return pid;
    }

    /** The tables it uses just now. */
    public List<String> tables() {
        return tables;
    }

    /** When what it does now should have begun, in nanoseconds since the traffic began. */
    public long due() {
        return due;
    }

    /**
     * How far it is.
     *
     * @param turn number of its turn, from 1
     * @param request place of the turn's request, from 0
     */
    public record Position(long turn, int request) {}

    public Position position() {
        return position;
    }

    private void run() {
        while (!ending) {
            Turn turn = turns.next();
            due = turn.due();
            long left;
            while (!ending && (left = begun + turn.due() - System.nanoTime()) > 0) {
                LockSupport.parkNanos(left);
            }
            if (!ending) {
                turn(turn);
            }
        }
    }

    private void turn(Turn turn) {
        long itsDue = turn.due();
        boolean anew = turn.fresh();
        long number = position.turn() + 1;
        for (int i = 0; i < turn.requests().size(); i++) {
            Request request = turn.requests().get(i);
            tables = request.tables();
            position = new Position(number, i);
            Failure failure = attempt(request, anew);
            anew = false;
            long ended = System.nanoTime() - begun;
            answers.add(new Timing(itsDue, ended, request.tables()), failure);
            itsDue = ended;
            if (failure != null && turn.requests().size() > 1) {
                attempt(ROLLBACK, false);
                return;
            }
        }
    }

    private @Nullable Failure attempt(Request request, boolean anew) {
        try {
            if (anew || connection.isClosed()) {
                connection.close();
                connection = opening.open();
                pid = pid(connection);
            }
            execute(request);
            return null;
        } catch (SQLException e) {
            return new Failure(String.valueOf(e.getSQLState()), Messages.of(e), request.sql());
        }
    }

    private void execute(Request request) throws SQLException {
        if (request.values().isEmpty()) {
            execute(request.sql());
            return;
        }
        // The driver prepares it on the server when it comes again and again, as applications have it.
        try (PreparedStatement statement = connection.prepareStatement(request.sql())) {
            for (int i = 0; i < request.values().size(); i++) {
                statement.setString(i + 1, request.values().get(i));
            }
            ForeignStatement.execute(statement);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ForeignStatement.execute(statement, sql);
        }
    }

    /** It begins nothing new. */
    public void stop() {
        ending = true;
        LockSupport.unpark(thread);
    }

    /** After {@link #stop}. */
    public Answers answers() throws InterruptedException {
        thread.join();
        return answers;
    }

    @Override
    public void close() throws SQLException {
        stop();
        // What it waits for ends with its connection.
        connection.abort(Runnable::run);
    }
}
