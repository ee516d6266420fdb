package dev.pando.core.pool;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pool's idle connections, the one idle for longest first; tells the share how many they are. */
final class Rested<L> {
    private final ArrayDeque<Member<L>> idle = new ArrayDeque<>();
    private final Allowance.Share share;

    Rested(Allowance.Share share) {
        this.share = share;
    }

    void add(Member<L> member, long now) {
        member.state = Member.State.IDLE;
        member.idleSince = now;
        idle.addLast(member);
        share.idle(idle.size());
    }

    /** The one to be used next; null when there is none. */
    @Nullable
    Member<L> next(boolean roundRobin) {
        return roundRobin ? idle.peekFirst() : idle.peekLast();
    }

    @Nullable
    Member<L> oldest() {
        return idle.peekFirst();
    }

    void remove(Member<L> member) {
        if (idle.peekLast() == member) {
            idle.removeLast();
        } else {
            idle.remove(member);
        }
        share.idle(idle.size());
    }

    List<Member<L>> all() {
        return List.copyOf(idle);
    }

    int size() {
        return idle.size();
    }
}
