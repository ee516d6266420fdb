package dev.pando.core.session;

import dev.pando.core.route.Planned;

/** What a session tells of its statements, added up: each that begins ends, in its turn, before the session rests. */
final class StatementBalance implements StatementWatch {
    private final String client;
    private int underWay;
    private boolean failed;

    StatementBalance(String client) {
        this.client = client;
    }

    @Override
    public void begun(Planned planned) {
        underWay++;
    }

    @Override
    public void ended() {
        // An EXECUTE ends with what it runs, and is told again as itself.
        if (underWay > 0) {
            underWay--;
        }
    }

    @Override
    public void failed() {
        failed = true;
        underWay = 0;
    }

    @Override
    public void rests(boolean open) {
        if (underWay > 0 && !failed) {
            throw new World.Violation(client + " rests while " + underWay + " statements have not ended");
        }
        underWay = 0;
        failed = false;
    }
}
