package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who is let in. Connections that have logged in and those that have not are counted apart, so that who has no password takes no place
 * from those who do. Used by all event loops, at the beginning and the end of a connection only, under one lock.
 *
 * <p>What can go wrong: somebody opens connections and says nothing. Were new ones refused while the places are taken, few connections a
 * second would keep everybody out, for each holds its place until the login timeout. Were the oldest dropped always, a thousand honest
 * clients that come back at once after a restart would throw each other out just before their turn. What we do: a login has its place for
 * one second, which is a hundred times what it takes; after that a newcomer may have it. Why it suffices: to keep others out somebody must
 * open {@code listen.max_logins} connections every second, which his network's own limits are for, and a crowd is served in order.
 */
final class Admission<C> {
    /** Whoever looks after a Pando that is full must get in. */
    static final int ADMIN_PLACES = 10;

    static final Duration GRACE = Duration.ofSeconds(1);

    private int maxClients;
    private int maxLogins;
    private final Consumer<C> drop;
    private final Map<C, Long> loggingIn = new LinkedHashMap<>();
    private final Set<C> clients = new HashSet<>();
    private final Set<C> admins = new HashSet<>();
    private final Map<C, List<String>> groupsOf = new HashMap<>();
    private final Map<String, Integer> members = new HashMap<>();

    /** {@code drop}: ends a connection; called under the lock, so it must not wait for anything. */
    Admission(int maxClients, int maxLogins, Consumer<C> drop) {
        this.maxClients = maxClients;
        this.maxLogins = maxLogins;
        this.drop = drop;
    }

    /** Who is there stays, though they may be too many now. */
    synchronized void limits(int clients, int logins) {
        maxClients = clients;
        maxLogins = logins;
    }

    /** A connection is there. Throws TOO_MANY_LOGINS when there is no place for it to log in. */
    synchronized void arrived(C connection, long now) {
        if (loggingIn.size() >= maxLogins) {
            Iterator<Map.Entry<C, Long>> oldestFirst = loggingIn.entrySet().iterator();
            Map.Entry<C, Long> oldest = oldestFirst.next();
            if (now - oldest.getValue() < GRACE.toNanos()) {
                throw tooManyLogins();
            }
            C late = oldest.getKey();
            oldestFirst.remove();
            drop.accept(late);
        }
        loggingIn.put(connection, now);
    }

    synchronized PandoException tooManyLogins() {
        return new PandoException(PandoError.TOO_MANY_LOGINS, maxLogins);
    }

    /** What a client counts towards, and how many there may be of it; zero for any number. */
    record Group(String kind, String name, int most) {}

    /** As {@link #loggedIn}, of a client that counts towards groups. Throws TOO_MANY_CLIENTS_OF when one of them is full. */
    synchronized void loggedIn(C connection, List<Group> groups) {
        for (Group group : groups) {
            int there = members.getOrDefault(key(group), 0);
            if (group.most() > 0 && there >= group.most()) {
                throw new PandoException(
                        PandoError.TOO_MANY_CLIENTS_OF, group.kind(), group.name(), there, group.most());
            }
        }
        loggedIn(connection, false);
        if (clients.contains(connection)) {
            List<String> keys = groups.stream().map(Admission::key).toList();
            groupsOf.put(connection, keys);
            keys.forEach(key -> members.merge(key, 1, Integer::sum));
        }
    }

    private static String key(Group group) {
        return group.kind() + " " + group.name();
    }

    /** It has proved who it is. Throws TOO_MANY_CLIENTS when it is one too many. */
    synchronized void loggedIn(C connection, boolean admin) {
        Set<C> places = admin ? admins : clients;
        int most = admin ? ADMIN_PLACES : maxClients;
        if (places.size() >= most) {
            throw new PandoException(PandoError.TOO_MANY_CLIENTS, places.size(), most);
        }
        // One that was dropped a moment ago has no place any more, and no way to give one back.
        if (loggingIn.remove(connection) != null) {
            places.add(connection);
        }
    }

    /** Its socket is closed. */
    synchronized void gone(C connection) {
        loggingIn.remove(connection);
        List<String> keys = groupsOf.remove(connection);
        if (keys != null) {
            keys.forEach(key -> members.computeIfPresent(key, (name, count) -> count == 1 ? null : count - 1));
        }
        clients.remove(connection);
        admins.remove(connection);
    }

    /** Connections that have not logged in yet. */
    synchronized int loggingIn() {
        return loggingIn.size();
    }

    /** Clients that have logged in, the admin database's included. */
    synchronized int clients() {
        return clients.size() + admins.size();
    }
}
