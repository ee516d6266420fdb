package dev.pando.core.session;

import dev.pando.base.sql.Quote;
import dev.pando.base.type.ScalarType;
import dev.pando.core.link.Injected;
import dev.pando.core.link.ServerLink;
import dev.pando.core.route.Command;
import dev.pando.core.route.ValueSource;
import dev.pando.core.topology.ShardId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a successful SET, RESET or DISCARD means for the session, its connections, and shards that join the transaction later. */
final class SettingChange {
    /** What PostgreSQL's boolean input takes for true. */
    private static final Pattern TRUE =
            Pattern.compile("\\s*(t|tr|tru|true|y|ye|yes|on|1)\\s*", Pattern.CASE_INSENSITIVE);

    /** What holds for the transaction under way, and for one chained to it. Not transaction_timeout, a setting as any other. */
    private static final Set<String> OF_TRANSACTION =
            Set.of("transaction", "transaction_isolation", "transaction_read_only", "transaction_deferrable");

    private SettingChange() {}

    /** The values a statement ran with. */
    interface Bound {
        @Nullable
        String text(ValueSource source, ScalarType inferred);
    }

    static void after(Session session, Command command, byte[] text, Bound values, Runnable then) {
        if (command instanceof Command.SetConfig config) {
            setConfig(session, config, values, then);
        } else if (command instanceof Command.Setting change) {
            apply(session, change, text, then);
        } else {
            then.run();
        }
    }

    /** As SET, or as RESET when the value is NULL. The call alone is repeated elsewhere, not what stands around it. */
    private static void setConfig(Session session, Command.SetConfig config, Bound values, Runnable then) {
        String name = values.text(config.name(), ScalarType.TEXT);
        String value = values.text(config.value(), ScalarType.TEXT);
        String said = config.localValue() == null ? null : values.text(config.localValue(), ScalarType.BOOL);
        boolean local = config.local() || (said != null && TRUE.matcher(said).matches());
        if (name == null) {
            then.run();
        } else if (value == null && !local) {
            apply(session, new Command.Reset(Settings.key(name)), new byte[0], then);
        } else {
            String shown = value == null ? "NULL" : Quote.literal(value);
            String sql = "SELECT pg_catalog.set_config(" + Quote.literal(name) + ", " + shown + ", " + local + ")";
            set(session, new Command.Set(Settings.key(name), local), sql, then);
        }
    }

    private static void apply(Session session, Command.Setting change, byte[] text, Runnable then) {
        switch (change) {
            case Command.SetConfig config -> then.run();
            case Command.Set set -> set(session, set, new String(text, StandardCharsets.UTF_8), then);
            case Command.Reset reset -> {
                String key = Settings.key(reset.name());
                session.settings().reset(reset.name());
                where(session.leases()).forEach(p -> applied(p.link, key).remove(key));
                String sql = "RESET " + dev.pando.base.sql.Quote.identifier(key);
                String initial = session.settings().initial(key);
                Collection<String> fallback = initial == null ? List.of() : List.of(initial);
                propagate(session, sql, key, false, () -> reequip(session, fallback, then));
            }
            case Command.ResetLocally reset -> resetLocally(session, reset.name(), text, then);
            case Command.ResetAll all -> {
                session.settings().resetAll();
                where(session.leases()).forEach(p -> p.link.settings().clear());
                Collection<String> fallback = session.settings().initials();
                propagate(session, "RESET ALL", "search_path", false, () -> reequip(session, fallback, then));
            }
            case Command.Discard discard -> {
                session.settings().resetAll();
                session.extended().forgetStatements();
                session.reported().backToLogin();
                session.listening().forgetAll();
                discard(session, new ArrayDeque<>(session.leases().participants()), () -> {
                    session.leases().unpin();
                    searchPath(session, "search_path", false, then);
                });
            }
        }
    }

    /** The server's default is no client's that has named another in its startup packet. */
    private static void resetLocally(Session session, String name, byte[] text, Runnable then) {
        String key = Settings.key(name);
        Command.Set set = new Command.Set(key, true);
        String initial = session.settings().initialLocally(key);
        if (initial == null) {
            set(session, set, new String(text, StandardCharsets.UTF_8), then);
            return;
        }
        if (session.leases().mode() != TransactionState.Mode.NONE) {
            session.leases().transaction().addPrelude(initial);
        }
        session.settings().setLocally(key, initial);
        next(session, initial, new ArrayDeque<>(where(session.leases())), () -> searchPath(session, key, true, then));
    }

    /** The connection's settings as a change of this one leaves the others. */
    private static Map<String, String> applied(ServerLink link, String key) {
        if (key.equals("session_authorization")) {
            link.settings().remove("role");
        }
        return link.settings();
    }

    /** Where a setting's statement runs: on all shards of a transaction, else on the connection preferred. */
    private static List<Participant> where(Leases leases) {
        if (leases.mode() != TransactionState.Mode.NONE) {
            return leases.joined();
        }
        ShardId preferred = leases.preferred();
        Participant participant = preferred == null ? null : leases.on(preferred);
        return participant == null ? List.of() : List.of(participant);
    }

    /** On the connections the session keeps; all others are brought to its settings when it leases them. */
    private static void discard(Session session, Deque<Participant> kept, Runnable then) {
        Participant participant = kept.pollFirst();
        if (participant == null) {
            then.run();
            return;
        }
        Injected.run(participant.link, "DISCARD ALL", result -> {
            if (result.lost()) {
                session.aftermath().lostMeanwhile(session.leases().lose(participant, ""));
            } else if (result.succeeded()) {
                participant.link.settings().clear();
                participant.link.forgetAllStatements();
            }
            discard(session, kept, then);
        });
    }

    /** A reset parameter has the value of the startup packet, which servers do not know. */
    private static void reequip(Session session, Collection<String> fallback, Runnable then) {
        if (session.leases().mode() != TransactionState.Mode.NONE) {
            fallback.forEach(session.leases().transaction()::addPrelude);
        }
        Deque<Runnable> steps = new ArrayDeque<>();
        for (Participant participant : where(session.leases())) {
            for (String sql : session.settings().difference(participant.link.settings())) {
                steps.add(() -> Injected.run(participant.link, sql, result -> {
                    if (result.lost()) {
                        session.aftermath().lostMeanwhile(session.leases().lose(participant, ""));
                    } else if (result.error() != null) {
                        session.leases().transaction().fail();
                    }
                    nextStep(steps, then);
                }));
            }
            if (!participant.link.lost()) {
                session.settings().markApplied(participant.link.settings());
            }
        }
        nextStep(steps, then);
    }

    private static void nextStep(Deque<Runnable> steps, Runnable then) {
        Runnable step = steps.pollFirst();
        (step == null ? then : step).run();
    }

    private static void set(Session session, Command.Set set, String sql, Runnable then) {
        String key = Settings.key(set.name());
        if (OF_TRANSACTION.contains(key)) {
            session.leases().transaction().characteristic(sql);
            String level = Settings.isolationIn(sql);
            if (level != null) {
                session.leases().transaction().isolation(level);
            }
        } else if (!set.local()) {
            Map<String, String> meant = switch (key) {
                case "session characteristics" -> Settings.characteristics(sql);
                case DateStyle.KEY ->
                    Map.of(key, DateStyle.after(session.settings().sqlOf(key), sql));
                default -> Map.of(key, sql);
            };
            meant.forEach(session.settings()::set);
            where(session.leases()).forEach(p -> applied(p.link, key).putAll(meant));
        } else {
            session.settings().setLocally(key, sql);
        }
        propagate(session, sql, key, set.local(), then);
    }

    /** In a transaction the other shards must agree; those that join later hear of it after their BEGIN. */
    private static void propagate(Session session, String sql, String key, boolean local, Runnable then) {
        Leases leases = session.leases();
        Deque<Participant> others = new ArrayDeque<>();
        if (leases.mode() != TransactionState.Mode.NONE) {
            leases.transaction().addPrelude(sql);
            others.addAll(leases.joined());
            others.pollFirst();
        }
        next(session, sql, others, () -> searchPath(session, key, local, then));
    }

    private static void next(Session session, String sql, Deque<Participant> others, Runnable then) {
        Participant participant = others.pollFirst();
        if (participant == null) {
            then.run();
            return;
        }
        Injected.run(participant.link, sql, result -> {
            if (result.lost()) {
                session.aftermath().lostMeanwhile(session.leases().lose(participant, ""));
            } else if (result.error() != null) {
                session.leases().transaction().fail();
            }
            next(session, sql, others, then);
        });
    }

    /** The server knows best what a search path has become. */
    private static void searchPath(Session session, String key, boolean local, Runnable then) {
        Leases leases = session.leases();
        if (!key.equals("search_path") || (local && leases.mode() == TransactionState.Mode.NONE)) {
            then.run();
            return;
        }
        ShardId shard = leases.preferred();
        leases.with(
                shard == null ? session.port().anyShard() : shard,
                link -> Injected.run(link, "SHOW search_path", result -> {
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
