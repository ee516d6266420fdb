package dev.pando.core.session;

import dev.pando.core.route.Command;
import dev.pando.core.topology.ShardId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** What a successful SET, RESET or DISCARD means for the session, its connections, and shards that join the transaction later. */
final class SettingChange {
    private SettingChange() {}

    static void apply(Session session, Command command, byte[] sql, Runnable then) {
        switch (command) {
            case Command.Set set -> set(session, set, new String(sql, StandardCharsets.UTF_8), then);
            case Command.Reset reset -> {
                session.settings().reset(reset.name());
                String key = Settings.key(reset.name());
                session.leases().participants().forEach(p -> p.link.settings().remove(key));
                propagate(session, "RESET " + dev.pando.base.sql.Quote.identifier(key), key, false, then);
            }
            case Command.ResetAll all -> {
                session.settings().resetAll();
                session.leases().participants().forEach(p -> p.link.settings().clear());
                propagate(session, "RESET ALL", "search_path", false, then);
            }
            case Command.Discard discard -> {
                session.settings().resetAll();
                session.extended().forgetStatements();
                session.leases().participants().forEach(p -> {
                    p.link.settings().clear();
                    p.link.forgetAllStatements();
                });
                session.leases().unpin();
                propagate(session, "DISCARD ALL", "search_path", false, then);
            }
            default -> then.run();
        }
    }

    private static void set(Session session, Command.Set set, String sql, Runnable then) {
        String key = Settings.key(set.name());
        if (key.startsWith("transaction")) {
            isolation(session, sql);
        } else if (!set.local()) {
            session.settings().set(key, sql);
            session.leases().participants().forEach(p -> p.link.settings().put(key, sql));
        }
        propagate(session, sql, key, set.local(), then);
    }

    private static void isolation(Session session, String sql) {
        String text = sql.toLowerCase(Locale.ROOT);
        if (text.contains("serializable")) {
            session.leases().isolation("serializable");
        } else if (text.contains("repeatable")) {
            session.leases().isolation("repeatable read");
        }
    }

    /** In a transaction the other shards must agree; those that join later hear of it after their BEGIN. */
    private static void propagate(Session session, String sql, String key, boolean local, Runnable then) {
        Leases leases = session.leases();
        Deque<Leases.Participant> others = new ArrayDeque<>();
        if (leases.mode() != Leases.Mode.NONE) {
            leases.addPrelude(sql);
            others.addAll(leases.joined());
            others.pollFirst();
        }
        next(session, sql, others, () -> searchPath(session, key, local, then));
    }

    private static void next(Session session, String sql, Deque<Leases.Participant> others, Runnable then) {
        Leases.Participant participant = others.pollFirst();
        if (participant == null) {
            then.run();
            return;
        }
        Injected.run(session.port(), participant.link, sql, result -> {
            if (result.error() != null) {
                session.leases().fail();
            }
            next(session, sql, others, then);
        });
    }

    /** The server knows best what a search path has become. */
    private static void searchPath(Session session, String key, boolean local, Runnable then) {
        Leases leases = session.leases();
        if (!key.equals("search_path") || (local && leases.mode() == Leases.Mode.NONE)) {
            then.run();
            return;
        }
        ShardId shard = leases.preferred();
        leases.with(
                shard == null ? session.port().anyShard() : shard,
                link -> Injected.run(session.port(), link, "SHOW search_path", result -> {
                    String value = result.firstRow().isEmpty()
                            ? null
                            : result.firstRow().getFirst();
                    if (value != null) {
                        session.searchPath().set(value, local);
                    }
                    then.run();
                }),
                // The statement after this one will meet the same trouble and tell of it.
                refusal -> then.run());
    }
}
