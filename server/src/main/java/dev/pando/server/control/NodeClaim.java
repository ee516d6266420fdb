package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's name, claimed on home by an advisory lock of the {@link EpochListener}'s connection.
 *
 * <p>What can go wrong: two nodes have one name, and each takes the other's transactions for those of an earlier life of its own, which
 * nobody will finish, and gives them up under its hands. What we do: who does not get the lock does not start; and who has lost it, with
 * its connection, gives up nothing before its time until it has it again. Why it suffices: PostgreSQL gives the lock to one session at a
 * time, and frees it when that session's process or machine is gone.
 */
final class NodeClaim {
    private static final Logger LOG = LoggerFactory.getLogger(NodeClaim.class);
    /** Time for a server to notice that the process before this one is gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final String HOLDER = """
            SELECT coalesce(host(a.client_addr) || ':' || a.client_port, 'the server''s machine') AS holder
            FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND ((l.classid::bigint << 32) | l.objid::bigint) = ?""";

    private final String node;
    private final long key;
    private volatile boolean held;
    private boolean warned;

    NodeClaim(String node) {
        this.node = node;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("pando node " + node).getBytes(StandardCharsets.UTF_8));
            this.key = ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whether no other node that lives has this name. */
    boolean held() {
        return held;
    }

    /** Throws NODE_NAME_TAKEN when another session keeps it. The connection is the claim's from then on. */
    void require(Connection home) throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!take(home)) {
            if (System.nanoTime() - deadline > 0) {
                throw new PandoException(PandoError.NODE_NAME_TAKEN, node, holder(home));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /**
     * As {@link #require}, where the process before this one may still have it. Until that ends, this one gives up nothing before its time,
     * as if it had lost the claim; then {@link #renew} gets it.
     */
    void inherit(Connection home) throws SQLException {
        warned = !take(home);
        LOG.info("the name \"{}\" is {}", node, held ? "claimed" : "still the process' before this one");
    }

    /** Tries to have it again on a new connection. */
    void renew(Connection home) throws SQLException {
        if (!held && !take(home) && !warned) {
            warned = true;
            LOG.error("{}", new PandoException(PandoError.NODE_NAME_TAKEN, node, holder(home)).getMessage());
        }
    }

    private boolean take(Connection home) throws SQLException {
        // A machine that vanishes says no good-bye: its session ends after half a minute.
        Sql.execute(
                home,
                "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4;"
                        + " SET idle_session_timeout = 0");
        held = Sql.one(home, "SELECT pg_try_advisory_lock(?) AS taken", row -> row.getBoolean("taken"), key);
        warned = warned && !held;
        return held;
    }

    private String holder(Connection home) throws SQLException {
        return Sql.rows(home, HOLDER, row -> Sql.text(row, "holder"), key).stream()
                .findFirst()
                .orElse("a session that has just ended");
    }

    /** Its connection is gone. */
    void lost() {
        held = false;
    }
}
