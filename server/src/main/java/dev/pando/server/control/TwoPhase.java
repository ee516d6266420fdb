package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.core.topology.ShardId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes transactions on several shards one atomic outcome. Safe for use by several threads.
 *
 * <p>What can go wrong: any server or this process can die between any two steps, and a coordinator can be so slow that another node has
 * given its transaction up. What we do: all shards but home vote by PREPARE TRANSACTION; then home's own transaction records the decision
 * in {@code pando.transaction_decision} and commits, and that one commit <em>is</em> the outcome; then the prepared transactions are
 * committed. Why it suffices: before the decision nothing is committed anywhere; after it everything can be, by any node, because prepared
 * transactions survive crashes ({@link Recovery}). Who gives a transaction up must first insert the opposite decision under the same
 * primary key, so of a slow coordinator and an impatient rescuer exactly one succeeds.
 *
 * <p>Home's transaction must be open on home from {@link #decisionSql} to its COMMIT; the data path does the same steps over its own
 * connections.
 */
public final class TwoPhase {
    private final FleetConnections fleet;
    private final InstantSource clock;
    private final String node;
    private final String life;
    private final AtomicLong number = new AtomicLong();
    private final Set<String> abandoned = ConcurrentHashMap.newKeySet();
    private volatile Runnable onNudge = () -> {};

    /**
     * @param node name of this node, the same after a restart and different from other nodes', whatever its length and characters
     */
    public TwoPhase(FleetConnections fleet, InstantSource clock, SecureRandom random, String node) {
        this.fleet = fleet;
        this.clock = clock;
        this.node = nameInGid(node);
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        this.life = HexFormat.of().formatHex(bytes);
    }

    /**
     * A readable beginning, and a digest: two nodes whose names were alike here would each take the other's transactions for those of an
     * earlier life of its own, and end them.
     */
    static String nameInGid(String node) {
        String plain = node.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(node.getBytes(StandardCharsets.UTF_8));
            return plain.substring(0, Math.min(plain.length(), 16))
                    + HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** What became of a transaction. */
    public enum Outcome {
        COMMITTED,
        ABORTED
    }

    /** A transaction identifier that no other transaction has or had. */
    public String newGid() {
        return new Gid(node, life, clock.instant().getEpochSecond(), number.incrementAndGet()).toString();
    }

    /** To be run on home inside the transaction whose COMMIT decides; fails if the transaction was given up by someone else. */
    public static String decisionSql(String gid) {
        return "SELECT pando.decide(" + Quote.literal(gid) + ")";
    }

    public static String prepareSql(String gid) {
        return "PREPARE TRANSACTION " + Quote.literal(gid);
    }

    public static String commitPreparedSql(String gid) {
        return "COMMIT PREPARED " + Quote.literal(gid);
    }

    public static String rollbackPreparedSql(String gid) {
        return "ROLLBACK PREPARED " + Quote.literal(gid);
    }

    /** Something is left to finish: recovery looks at once. Returns immediately. */
    public void nudge() {
        onNudge.run();
    }

    /** As {@link #nudge()}, and this undecided transaction of this node need not be waited for: its coordinator is gone. */
    public void abandon(String gid) {
        abandoned.add(gid);
        nudge();
    }

    void onNudge(Runnable action) {
        onNudge = action;
    }

    boolean ownEarlierLife(Gid gid) {
        return gid.node().equals(node) && !gid.life().equals(life);
    }

    boolean isAbandoned(String gid) {
        return abandoned.contains(gid);
    }

    void forget(String gid) {
        abandoned.remove(gid);
    }

    /** Begins a transaction on home and these shards, one after the other. */
    AtomicTransaction begin(Collection<ShardId> shards) {
        return AtomicTransaction.begin(this, fleet, shards);
    }

    /**
     * The truth about a transaction whose COMMIT on home got no answer. If it is undecided it is aborted by this call, so the answer is
     * final. Blocks; throws {@code COMMIT_IN_DOUBT} when home cannot be asked.
     */
    public Outcome outcome(String gid) {
        try (Connection home = fleet.home()) {
            Sql.execute(home, "SET lock_timeout = '10s'");
            return giveUp(home, gid);
        } catch (SQLException | PandoException e) {
            throw PandoException.causedBy(e, PandoError.COMMIT_IN_DOUBT, ShardId.HOME.index());
        }
    }

    /** Records that the transaction is aborted unless a decision is there, and says what is there. Waits for a commit under way. */
    static Outcome giveUp(Connection home, String gid) throws SQLException {
        Sql.update(
                home,
                "INSERT INTO pando.transaction_decision (gid, outcome) VALUES (?, 'abort') ON CONFLICT (gid) DO NOTHING",
                gid);
        return Sql.one(
                home,
                "SELECT outcome FROM pando.transaction_decision WHERE gid = ?",
                row -> Sql.text(row, "outcome").equals("commit") ? Outcome.COMMITTED : Outcome.ABORTED,
                gid);
    }
}
