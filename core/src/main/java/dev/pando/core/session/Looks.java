package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.EncodingName;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Injected;
import dev.pando.core.link.Reported;
import dev.pando.core.topology.Trace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Between transactions: finds out what statements have left on the session's connections that may leave something. Settings become the
 * session's own and go with it wherever it goes; anything else keeps the connection for the session, until it is seen to be gone.
 */
final class Looks {
    private final SessionPort port;
    private final Leases leases;
    private final Settings settings;
    private final SearchPath searchPath;

    Looks(SessionPort port, Leases leases, Settings settings, SearchPath searchPath) {
        this.port = port;
        this.leases = leases;
        this.settings = settings;
        this.searchPath = searchPath;
    }

    /** Runs {@code then} at once when there is nothing to look at, as is the rule. */
    void run(Runnable then) {
        Deque<Participant> due = null;
        Participants all = leases.participants();
        for (int i = 0; i < all.size(); i++) {
            Participant participant = all.at(i);
            if (participant.link.heardOfSettings()) {
                participant.suspected.add(Trace.SETTINGS);
            }
            if (!participant.suspected.isEmpty() && !participant.link.lost()) {
                due = due == null ? new ArrayDeque<>() : due;
                due.add(participant);
            }
        }
        if (due == null) {
            then.run();
        } else {
            next(due, then);
        }
    }

    /** Within a transaction: what servers say of parameters that reading of statements depends on. Whether it stays is seen at its end. */
    void follow(Reported reported) {
        Map<String, String> news = reported.news();
        if (!news.isEmpty()) {
            refuse(news);
            String path = news.get("search_path");
            if (path != null) {
                searchPath.set(path, true);
            }
        }
    }

    private void next(Deque<Participant> due, Runnable then) {
        Participant participant = due.pollFirst();
        if (participant == null) {
            then.run();
            return;
        }
        EnumSet<Trace> kinds = EnumSet.noneOf(Trace.class);
        kinds.addAll(participant.suspected);
        kinds.addAll(participant.kept);
        participant.suspected.clear();
        boolean unseen = kinds.remove(Trace.UNSEEN);
        if (kinds.isEmpty()) {
            participant.kept.add(Trace.UNSEEN);
            next(due, then);
            return;
        }
        Set<String> known = participant.unread ? null : port.ownSettings();
        participant.unread = false;
        if (kinds.contains(Trace.SETTINGS) && known == null) {
            Injected.run(participant.link, Look.NAMES, result -> {
                Set<String> names = new LinkedHashSet<>();
                result.rows().forEach(row -> names.add(String.valueOf(row.getFirst())));
                boolean all = result.succeeded() && !result.cut() && names.size() < Look.MOST_NAMES;
                if (all) {
                    port.ownSettings(names);
                }
                // Without all the names it may have set something that nobody asks for.
                look(participant, kinds, unseen || !all, names, () -> next(due, then));
            });
        } else {
            look(participant, kinds, unseen, Objects.requireNonNullElse(known, Set.of()), () -> next(due, then));
        }
    }

    private void look(Participant participant, Set<Trace> kinds, boolean unseen, Set<String> own, Runnable then) {
        Set<String> hidden = hidden(participant, own);
        boolean any = hidden.remove(Look.ANY) && participant.setByCode;
        participant.setByCode = false;
        Injected.run(participant.link, Look.sql(kinds, hidden), result -> {
            if (result.lost()) {
                leases.lose(participant, "");
            } else {
                participant.kept.clear();
                ErrorFields error = result.error();
                if (error != null && error.message().startsWith("invalid role OID")) {
                    // Whose connection it was is gone, and with him all that could be kept.
                    participant.tainted = true;
                } else if (unseen || any || error != null) {
                    participant.kept.add(Trace.UNSEEN);
                }
                Look.Seen seen = Look.read(result.rows());
                take(participant, seen);
                if (seen.shared() < participant.link.preparedNames().size()) {
                    recount(participant, then);
                    return;
                }
            }
            bring(participant, then);
        });
    }

    private void bring(Participant participant, Runnable then) {
        bring(participant, new ArrayDeque<>(settings.difference(participant.link.settings())), then);
    }

    /** Code has deallocated statements that all clients share: who needs them next prepares them again. */
    private void recount(Participant participant, Runnable then) {
        Injected.run(participant.link, Look.STATEMENTS, result -> {
            if (result.lost()) {
                leases.lose(participant, "");
            } else if (!result.succeeded() || result.cut()) {
                participant.tainted = true;
            } else {
                Set<String> there = new HashSet<>();
                result.rows().forEach(row -> there.add(String.valueOf(row.getFirst())));
                participant.link.keepStatements(there);
            }
            bring(participant, then);
        });
    }

    /** What code has RESET has the startup packet's value again, and the client hears so before it goes on. */
    private void bring(Participant participant, Deque<String> steps, Runnable then) {
        String sql = participant.link.lost() ? null : steps.pollFirst();
        if (sql == null) {
            participant.link.settingsKnown();
            then.run();
            return;
        }
        Injected.run(participant.link, sql, result -> {
            if (result.lost()) {
                leases.lose(participant, "");
            } else if (steps.isEmpty()) {
                settings.markApplied(participant.link.settings());
            }
            bring(participant, steps, then);
        });
    }

    /** Names that the database's code mentions, those that the session has set, and the role. */
    private Set<String> hidden(Participant participant, Set<String> own) {
        Set<String> names = new LinkedHashSet<>(own);
        names.add("role");
        List<String> known = new ArrayList<>(settings.snapshot().keySet());
        known.addAll(participant.link.settings().keySet());
        known.stream().filter(Looks::unlisted).forEach(names::add);
        return names;
    }

    /** Whether pg_settings is silent about it. */
    private static boolean unlisted(String name) {
        return name.contains(".") || name.equals("role") || name.equals("session_authorization");
    }

    private void take(Participant participant, Look.Seen seen) {
        participant.kept.addAll(seen.left());
        Map<String, String> values = seen.settings();
        if (values == null) {
            return;
        }
        refuse(values);
        Map<String, String> applied = participant.link.settings();
        applied.keySet().removeIf(name -> !unlisted(name) && !contains(values, name));
        values.forEach((name, value) -> {
            boolean unset = unlisted(name) && (value.isEmpty() || (name.equals("role") && value.equals("none")));
            if (!unset || applied.containsKey(Settings.key(name))) {
                applied.put(Settings.key(name), Settings.sql(name, value));
            }
        });
        settings.restoreLeft(applied, name -> !unlisted(name));
        if (seen.searchPath() != null) {
            searchPath.set(seen.searchPath(), false);
        }
    }

    private static boolean contains(Map<String, String> values, String key) {
        return values.keySet().stream().anyMatch(name -> Settings.key(name).equals(key));
    }

    /** Code has set what Pando's reading of statements depends on. */
    private static void refuse(Map<String, String> values) {
        String encoding = values.getOrDefault("client_encoding", "UTF8");
        if (!EncodingName.utf8(encoding)) {
            throw new PandoException(PandoError.SETTING_REFUSED, "client_encoding", encoding, "a function has set it");
        }
        if (values.getOrDefault("standard_conforming_strings", "on").equals("off")) {
            throw new PandoException(
                    PandoError.SETTING_REFUSED, "standard_conforming_strings", "off", "a function has set it");
        }
    }
}
