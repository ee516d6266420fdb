package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.topology.ShardId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The statements and portals a client has prepared, by name.
 *
 * <p>One statement may be <em>unannounced</em>: its Parse is kept back until the next message, because only Bind tells the shard.
 */
final class Prepared {
    private final Limits limits;
    private final Map<String, ClientStatement> statements = new HashMap<>();
    private final Map<String, Portal> portals = new HashMap<>();
    private @Nullable ClientStatement unannounced;
    /** What the unannounced statement took the place of. */
    private @Nullable ClientStatement replaced;

    Prepared(Limits limits) {
        this.limits = limits;
    }

    @Nullable
    ClientStatement statement(String name) {
        return statements.get(name);
    }

    @Nullable
    Portal portal(String name) {
        return portals.get(name);
    }

    /** Those with names. */
    Map<String, ClientStatement> named() {
        Map<String, ClientStatement> named = new HashMap<>(statements);
        named.remove("");
        return named;
    }

    /** Whether PREPARE has made one. */
    boolean ofSql() {
        return statements.values().stream().anyMatch(statement -> statement.command() != null);
    }

    int statements() {
        return statements.size();
    }

    /** Throws when there is no room for one more. */
    void admit() {
        int held = statements.size() + portals.size();
        if (held >= limits.statements()) {
            throw new PandoException(PandoError.TOO_MANY_STATEMENTS, held, limits.statements());
        }
    }

    void put(ClientStatement statement) {
        statements.put(statement.name(), statement);
    }

    void open(Portal portal) {
        portals.put(portal.bind().portal(), portal);
    }

    /** Bytes of rows that portals hold. */
    long heldBytes() {
        return portals.values().stream().mapToLong(Portal::heldBytes).sum();
    }

    /** Closes a statement; the result undoes that. */
    Runnable closeStatement(String name) {
        ClientStatement closed = statements.remove(name);
        return () -> {
            if (closed != null) {
                statements.put(name, closed);
            }
        };
    }

    @Nullable
    Portal closePortal(String name) {
        Portal closed = portals.remove(name);
        if (closed != null) {
            closed.close();
        }
        return closed;
    }

    /** Whether closing a portal needs its servers' attention. */
    boolean holdsRows(String name) {
        Portal portal = portals.get(name);
        return portal != null && portal.rows() != null;
    }

    /** The statement a Bind names, if it can be bound. What routing reads must be there; PostgreSQL itself checks the rest. */
    ClientStatement bindable(@Nullable ClientStatement statement, FrontendMessage.Bind bind) {
        if (statement == null) {
            throw new Refusal("26000", missing(bind.statement()));
        }
        int given = bind.parameters().size();
        int needed = statement.parameters();
        if (given != needed) {
            throw new Refusal(
                    "08P01",
                    "bind message supplies " + given + " parameters, but prepared statement \"" + statement.name()
                            + "\" requires " + needed);
        }
        if (!bind.portal().isEmpty() && portals.containsKey(bind.portal())) {
            throw new Refusal("42P03", "cursor \"" + bind.portal() + "\" already exists");
        }
        admit();
        return statement;
    }

    /** PostgreSQL's words for a statement that is not there. */
    static String missing(String statement) {
        return statement.isEmpty()
                ? "unnamed prepared statement does not exist"
                : "prepared statement \"" + statement + "\" does not exist";
    }

    @Nullable
    ClientStatement unannounced() {
        return unannounced;
    }

    /** Keeps a statement whose Parse has not been passed on. */
    void keepBack(ClientStatement statement) {
        unannounced = statement;
        replaced = statements.put(statement.name(), statement);
    }

    /** The Parse kept back is passed on or answered now; the result undoes it. */
    Runnable announced() {
        ClientStatement taken = unannounced;
        ClientStatement before = replaced;
        unannounced = null;
        replaced = null;
        return () -> putBack(taken, before);
    }

    /** A Parse that is not answered because an error came before it. */
    void forgetUnannounced() {
        announced().run();
    }

    /** A server has refused the statement. */
    void forget(ClientStatement statement) {
        putBack(statement, null);
    }

    private void putBack(@Nullable ClientStatement taken, @Nullable ClientStatement before) {
        if (taken != null && statements.get(taken.name()) == taken) {
            statements.remove(taken.name());
            if (before != null) {
                statements.put(before.name(), before);
            }
        }
    }

    /** Whether a portal on the shard, which ends with its transaction, may still be executed. */
    boolean holdsPortals(ShardId shard) {
        return portals.values().stream().anyMatch(portal -> shard.equals(portal.shard()) && !portal.isHeld());
    }

    /** A simple query ends the unnamed statement and the unnamed portal. */
    void forgetUnnamed() {
        statements.remove("");
        closePortal("");
    }

    /** Those that end with their transaction. */
    void forgetPortals() {
        forget(portal -> !portal.isHeld());
    }

    /** As above; cursors WITH HOLD stay if their transaction has not been undone. */
    void transactionEnded(boolean undone) {
        forget(portal -> !portal.isHeld() || (undone && !portal.hasOutlived()));
        portals.values().forEach(Portal::outlived);
    }

    /** A server has closed it. */
    void forgetPortal(String name) {
        Portal closed = portals.remove(name);
        if (closed != null) {
            closed.release();
        }
    }

    /** All, cursors WITH HOLD too; servers hear of it otherwise. */
    void forgetAllPortals() {
        forget(portal -> true);
    }

    private void forget(Predicate<Portal> which) {
        if (portals.isEmpty()) {
            return;
        }
        portals.values().removeIf(portal -> {
            boolean over = which.test(portal);
            if (over) {
                portal.release();
            }
            return over;
        });
    }

    void forgetPortalsSince(long savepoint) {
        forget(portal -> portal.undoneBy(savepoint));
    }

    void deallocateAll() {
        statements.clear();
    }

    boolean deallocate(String name) {
        return statements.remove(name) != null;
    }

    void forgetAll() {
        statements.clear();
        forgetAllPortals();
    }
}
