package dev.pando.core.session;

/** Counts what a session does. */
final class Beat implements Pulse {
    private final Session session;
    private long messages;
    private long answers;
    private long rests;

    Beat(Session session) {
        this.session = session;
    }

    void message() {
        messages++;
    }

    void answered(TransactionState.Mode mode) {
        answers++;
        rests += mode == TransactionState.Mode.NONE ? 1 : 0;
    }

    @Override
    public Phase phase() {
        boolean underWay = session.leases().participants().stream().anyMatch(p -> !p.link.idle());
        if (underWay || session.active() || session.awaitsSync()) {
            return Phase.RUNNING;
        }
        return session.leases().mode() == TransactionState.Mode.NONE ? Phase.IDLE : Phase.OPEN;
    }

    @Override
    public long messages() {
        return messages;
    }

    @Override
    public long answers() {
        return answers;
    }

    @Override
    public long rests() {
        return rests;
    }
}
