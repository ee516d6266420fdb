package dev.pando.core.session;

import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Trace;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connections a session holds, at most one per shard and in the order of shards. As a rule there is one, or none. */
final class Participants extends AbstractCollection<Participant> {
    private final List<Participant> inOrder = new ArrayList<>(1);

    /** Adds the one of a shard that has none. */
    @Override
    public boolean add(Participant participant) {
        int at = inOrder.size();
        while (at > 0 && inOrder.get(at - 1).link.shard().compareTo(participant.link.shard()) > 0) {
            at--;
        }
        inOrder.add(at, participant);
        return true;
    }

    /** Null when there is none. */
    @Nullable
    Participant on(ShardId shard) {
        for (int i = 0; i < inOrder.size(); i++) {
            if (inOrder.get(i).link.shard().equals(shard)) {
                return inOrder.get(i);
            }
        }
        return null;
    }

    /** Those on which code may have left this, as a rule none. */
    List<Participant> mayHave(Trace trace) {
        List<Participant> some = List.of();
        for (Participant participant : inOrder) {
            if (participant.mayHave(trace) && !participant.link.lost()) {
                some = some.isEmpty() ? new ArrayList<>() : some;
                some.add(participant);
            }
        }
        return some;
    }

    /** By its place, from 0: what every statement asks makes no iterators. */
    Participant at(int place) {
        return inOrder.get(place);
    }

    /** They are none of the session's any more. */
    void removeAt(int place) {
        inOrder.remove(place);
    }

    Participant first() {
        return inOrder.getFirst();
    }

    /** The first that has joined the transaction, null when none has. */
    @Nullable
    Participant firstBegun() {
        for (int i = 0; i < inOrder.size(); i++) {
            if (inOrder.get(i).begun) {
                return inOrder.get(i);
            }
        }
        return null;
    }

    /** Whether it has joined the transaction, and no other. */
    boolean onlyBegun(Participant participant) {
        boolean others = false;
        for (int i = 0; i < inOrder.size(); i++) {
            others |= inOrder.get(i).begun && inOrder.get(i) != participant;
        }
        return participant.begun && !others;
    }

    /** The first whose server knows that the transaction has failed, null when none does. */
    @Nullable
    Participant firstFailed() {
        for (int i = 0; i < inOrder.size(); i++) {
            if (inOrder.get(i).begun && inOrder.get(i).link.status() == 'E') {
                return inOrder.get(i);
            }
        }
        return null;
    }

    @Override
    public Iterator<Participant> iterator() {
        return inOrder.iterator();
    }

    @Override
    public boolean isEmpty() {
        return inOrder.isEmpty();
    }

    @Override
    public int size() {
        return inOrder.size();
    }
}
