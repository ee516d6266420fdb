package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.link.ServerLink;
import dev.pando.core.route.Plan;
import dev.pando.core.route.Traces;
import dev.pando.core.topology.Trace;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A shard's connection within this session. */
final class Participant {
    final ServerLink link;
    boolean begun;
    boolean wrote;
    /** What statements may have left here since it was last looked at. */
    final EnumSet<Trace> suspected = EnumSet.noneOf(Trace.class);
    /** What is left here of this session, for which it is kept. */
    final EnumSet<Trace> kept = EnumSet.noneOf(Trace.class);
    /** Code has run here of which it is told that it may change settings. */
    boolean setByCode;
    /** Code has run here that the catalog did not have when that was planned. */
    boolean unread;
    /** What it holds of this session nobody can take away. */
    boolean tainted;

    @Nullable
    String unseen;

    /** BEGIN that was left to what is sent next. */
    private @Nullable String opening;

    Map<String, String> settingsBefore = Map.of();
    /** Those of the session's prepared statements that the server has under their own names; {@link #brings} adds to them. */
    Map<String, ClientStatement> statements = Map.of();

    Participant(ServerLink link) {
        this.link = link;
    }

    /** Refuses what asks the connection about earlier statements of the session, when they may have run on another one. */
    static void requireMemory(@Nullable Participant participant, Plan plan) {
        String asks = plan.asks();
        boolean remembers = participant != null && (participant.wrote || participant.pinned());
        if (asks != null && !remembers) {
            throw new PandoException(PandoError.SEQUENCE_ELSEWHERE, asks);
        }
    }

    /** Some of the session's statements are about to be prepared here, as none are for ordinary ones. */
    Map<String, ClientStatement> brings() {
        statements = new HashMap<>(statements);
        return statements;
    }

    boolean pinned() {
        return !kept.isEmpty();
    }

    /** Whether code may have left this here. */
    boolean mayHave(Trace trace) {
        return kept.contains(trace)
                || kept.contains(Trace.UNSEEN)
                || suspected.contains(trace)
                || suspected.contains(Trace.UNSEEN);
    }

    boolean clean() {
        return !tainted && kept.isEmpty() && suspected.isEmpty() && statements.isEmpty() && !link.heardOfSettings();
    }

    /** Whether something is to be looked at, or taken away, before anybody else may have it. */
    boolean unfinished() {
        return !suspected.isEmpty() || !statements.isEmpty();
    }

    /** A statement is about to run here that may leave something. */
    void suspect(Traces traces) {
        if (!traces.any() && traces.code() == Traces.Code.READ && traces.by() == null) {
            return;
        }
        suspected.addAll(traces.made());
        unread |= traces.code() != Traces.Code.READ;
        setByCode |= traces.by() != null && traces.made().contains(Trace.SETTINGS);
        unseen = traces.by() == null ? unseen : traces.by();
        tainted |= traces.made().contains(Trace.UNSEEN);
        if (!traces.ended().isEmpty() && kept.stream().anyMatch(traces.ended()::contains)) {
            suspected.addAll(kept);
        }
    }

    /** It takes part in the transaction from now on. */
    void begins() {
        begun = true;
        settingsBefore = Map.copyOf(link.settings());
    }

    /** As above; {@code sql} goes out with what is sent next, and before it. */
    void beginsWith(String sql) {
        begins();
        opening = sql;
    }

    /** What has to be sent first, once; null when there is nothing. */
    @Nullable
    String opening() {
        String sql = opening;
        opening = null;
        return sql;
    }

    /** The server has refused BEGIN, and skipped what came with it. */
    void refused() {
        begun = link.status() != 'I';
    }
}
