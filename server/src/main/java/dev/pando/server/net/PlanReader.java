package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Injected;
import dev.pando.core.topology.ShardId;
import dev.pando.server.auth.Identity;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks one shard for the plan of a statement. Owned by an event loop.
 *
 * <p>What can go wrong: a plan of something else, and harm. A connection of the pools may have the settings of whoever had it last, so there is
 * a new one, which has those of the statement's user and ends with the answer. It has his rights, and no more; the transaction is read-only and
 * never committed, for planning may call functions that are declared immutable or stable; and whoever holds a lock on the tables, or a plan that
 * takes long to make, ends it soon.
 */
final class PlanReader implements ServerConnection.Owner {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 1 << 18;
    /** The version from which EXPLAIN has GENERIC_PLAN. */
    private static final int KNOWS_GENERIC = 16;

    private static final String VERSION = "server_version";
    /** Classes of errors: connection, transaction rollback, resources, prerequisite state, intervention, system, internal. */
    private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57", "58", "XX");

    private final DatabaseServers servers;
    private final ShardId shard;
    private final Question question;
    private final CompletableFuture<Answer> answer;
    private @Nullable Future<?> deadline;

    /**
     * What is to be explained.
     *
     * @param sql one statement, with parameters for values
     * @param parameters how many it has
     * @param searchPath of the session, which may be empty
     */
    record Question(Identity user, String sql, int parameters, List<String> searchPath) {
        /** Made before it is asked. */
        String preparation(int version) {
            // An empty path stays empty: whoever may create functions elsewhere must not have them planned with.
            String path = searchPath.stream().map(Quote::identifier).collect(Collectors.joining(", "));
            String begun = "BEGIN READ ONLY; SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '1s';"
                    + " SELECT pg_catalog.set_config('search_path', " + Quote.literal(path) + ", true)";
            return version >= KNOWS_GENERIC
                    ? begun
                    : begun + "; SET LOCAL plan_cache_mode = force_generic_plan; " + prepare();
        }

        private String prepare() {
            return "PREPARE pando_plan AS " + sql;
        }

        /** All that concerns the statement itself, as it is sent. */
        String asked(int version) {
            return version >= KNOWS_GENERIC ? explain(version) : prepare() + "; " + explain(version);
        }

        /** The plan is the same for all values, as that of a prepared statement may be. */
        String explain(int version) {
            if (version >= KNOWS_GENERIC) {
                return "EXPLAIN (GENERIC_PLAN) " + sql;
            }
            String nulls = String.join(", ", Collections.nCopies(parameters, "NULL"));
            return "EXPLAIN EXECUTE pando_plan" + (parameters == 0 ? "" : "(" + nulls + ")");
        }
    }

    /**
     * What the shard says.
     *
     * @param asked what it was asked
     * @param lines of EXPLAIN
     */
    record Answer(String asked, List<String> lines) {
        Answer {
            lines = List.copyOf(lines);
        }
    }

    private PlanReader(DatabaseServers servers, ShardId shard, Question question, CompletableFuture<Answer> answer) {
        this.answer = answer;
        this.servers = servers;
        this.shard = shard;
        this.question = question;
    }

    /**
     * {@code answer}: gets the lines of EXPLAIN, or NO_PLAN, PLAN_FAILED, or why there is no connection. To be called on the loop of {@code
     * servers}.
     */
    static void ask(DatabaseServers servers, ShardId shard, Question question, CompletableFuture<Answer> answer) {
        PlanReader reader = new PlanReader(servers, shard, question, answer);
        servers.connectApart(shard, question.user(), ServerConnection.POOLED, reader);
    }

    @Override
    public void opened(ServerConnection connection) {
        servers.apart(connection, true);
        deadline = servers.loop()
                .loop()
                .schedule(
                        () -> connection.breakOff(
                                says(PandoError.PLAN_FAILED, "no answer within " + LONGEST.toSeconds() + " s")),
                        LONGEST.toMillis(),
                        TimeUnit.MILLISECONDS);
        int version = major(connection.parameters().get(VERSION));
        Injected.run(connection.link(), question.preparation(version), prepared -> {
            if (prepared.succeeded()) {
                String explain = question.explain(version);
                Injected.query(
                        connection.link(), explain, MOST_BYTES, explained -> end(connection, version, explained));
            } else {
                end(connection, version, prepared);
            }
        });
    }

    /** {@code 16} of {@code 16.4 (Debian 16.4-1)}; 0 when it is not told. */
    static int major(@Nullable String version) {
        String digits = version == null ? "" : version.replaceFirst("[^0-9].*", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private void end(ServerConnection connection, int version, Injected.Result result) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        ErrorFields error = result.error();
        if (error != null) {
            PandoError kind = passing(error.sqlState()) ? PandoError.PLAN_FAILED : PandoError.NO_PLAN;
            answer.completeExceptionally(says(kind, error.message() + " (" + error.sqlState() + ")"));
        } else if (result.cut()) {
            answer.completeExceptionally(says(PandoError.NO_PLAN, "a plan of more than " + MOST_BYTES + " bytes"));
        } else {
            List<String> lines = result.rows().stream()
                    .map(row -> String.valueOf(row.getFirst()))
                    .toList();
            answer.complete(new Answer(question.asked(version), lines));
        }
        servers.apart(connection, false);
        connection.close();
    }

    /** Whether the server cannot do it now, as with a lock that is held: such an error is of the moment, not of the statement. */
    static boolean passing(String sqlState) {
        return sqlState.length() == 5 && PASSING.contains(sqlState.substring(0, 2));
    }

    private PandoException says(PandoError error, String what) {
        return new PandoException(
                error, "shard " + servers.database().topology().shard(shard).name() + " says: " + what);
    }

    @Override
    public void failed(ServerConnection connection, PandoException reason) {
        answer.completeExceptionally(reason);
    }

    /** Who waits for an answer has heard of it. */
    @Override
    public void lost(ServerConnection connection) {
        servers.apart(connection, false);
    }

    /** No session has it. */
    @Override
    public void released(ServerConnection connection, boolean reusable) {
        lost(connection);
    }
}
