package dev.pando.core.session;

import java.util.Objects;

/** Holds what has become of the transactions that a client prepared itself against what it was told. */
final class PreparedReckoning {
    private final World world;
    private final Script script;

    PreparedReckoning(World world, Script script) {
        this.world = world;
        this.script = script;
    }

    void check() {
        script.program().prepared().forEach(this::check);
    }

    private void check(Program.Prepared transaction) {
        Verdict voted = verdict(transaction.segment());
        ModelDatabase.Fate fate = world.servers().getFirst().database().fate(transaction.name());
        if (voted == Verdict.ANY) {
            return;
        }
        boolean kept = fate == null ? voted != Verdict.ALL : voted != Verdict.NONE;
        boolean mayCommit = false;
        boolean mayRollBack = false;
        ModelDatabase.Fate promised = null;
        for (Program.Finish finish : transaction.finishes()) {
            Verdict verdict = verdict(finish.segment());
            mayCommit |= finish.commit() && verdict != Verdict.NONE;
            mayRollBack |= !finish.commit() && verdict != Verdict.NONE;
            if (verdict == Verdict.ALL) {
                kept &= promised == null;
                promised = finish.commit() ? ModelDatabase.Fate.COMMITTED : ModelDatabase.Fate.ROLLED_BACK;
            }
            boolean denied = script.answer(finish.segment()).stream().anyMatch(line -> line.startsWith("E 42704"));
            kept &= !(denied && voted == Verdict.ALL && fate == ModelDatabase.Fate.PREPARED);
        }
        kept &= promised == null || fate == promised;
        kept &= fate != ModelDatabase.Fate.COMMITTED || mayCommit;
        kept &= fate != ModelDatabase.Fate.ROLLED_BACK || mayRollBack;
        if (!kept || !rows(transaction, fate)) {
            throw new World.Violation("the prepared transaction " + transaction.name() + " is "
                    + Objects.requireNonNullElse(fate, "unknown") + ", its rows are there: "
                    + rows(transaction, ModelDatabase.Fate.COMMITTED) + ", but the client was told "
                    + told(transaction));
        }
    }

    private String told(Program.Prepared transaction) {
        StringBuilder text = new StringBuilder().append(script.answer(transaction.segment()));
        transaction
                .finishes()
                .forEach(finish -> text.append(", then ")
                        .append(finish.commit() ? "to commit " : "to roll back ")
                        .append(script.answer(finish.segment())));
        return text.toString();
    }

    private Verdict verdict(int segment) {
        return Verdict.of(script, segment, world.faults().any());
    }

    /** All or none of them are there; the model keeps those of an open transaction in place. */
    private boolean rows(Program.Prepared transaction, ModelDatabase.@org.jspecify.annotations.Nullable Fate fate) {
        boolean there = fate == ModelDatabase.Fate.COMMITTED || fate == ModelDatabase.Fate.PREPARED;
        return transaction.keys().stream()
                .allMatch(key -> there
                        == world.servers().stream()
                                .anyMatch(server -> server.database()
                                        .table(transaction.table())
                                        .containsKey(key)));
    }
}
