package dev.pando.core.sight;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop sees of its clients' statements; owned by the loop. {@link SessionSight} tells it of each that has ended.
 */
public final class LoopSight {
    /** Stands for accounts that there is no place for. */
    public static final String OTHERS = "(others)";

    static final Account NOBODY = new Account("", "");
    private static final Account REST = new Account(OTHERS, OTHERS);
    private static final int SPARE = 256;

    private final Onlooker onlooker;
    private final int mostAccounts;
    private final StatementTable statements;
    private final Map<Account, Tally> tallies = new HashMap<>();
    private final Tally rest = new Tally(REST);
    private SightSettings settings;
    private int age;
    private @Nullable Flight spare;
    private int spares;

    /** {@code mostAccounts}: that have histograms of their own. */
    public LoopSight(SightSettings settings, int mostAccounts, Onlooker onlooker) {
        this.settings = settings;
        this.mostAccounts = mostAccounts;
        this.onlooker = onlooker;
        this.statements = new StatementTable(settings.most());
    }

    /** Other settings from now on. */
    public void reconfigure(SightSettings next) {
        if (next.equals(settings)) {
            return;
        }
        settings = next;
        age++;
        statements.limit(next.most());
    }

    public SightSettings settings() {
        return settings;
    }

    /** Grows with each change of the settings. */
    int age() {
        return age;
    }

    /** A client has come. One account more than there are places for takes that of one without clients, or else has none. */
    Tally came(Account account) {
        Tally tally = tallies.get(account);
        if (tally == null && (tallies.size() < mostAccounts || makeRoom())) {
            tally = new Tally(account);
            tallies.put(account, tally);
        }
        Tally found = tally == null ? rest : tally;
        found.came();
        return found;
    }

    private boolean makeRoom() {
        for (Tally tally : tallies.values()) {
            if (tally.idle()) {
                tallies.remove(tally.account());
                return true;
            }
        }
        return false;
    }

    Flight take() {
        Flight known = spare;
        if (known == null) {
            return new Flight();
        }
        spare = known.next;
        spares--;
        known.next = null;
        return known;
    }

    void give(Flight flight) {
        flight.clear();
        if (spares < SPARE) {
            flight.next = spare;
            spare = flight;
            spares++;
        }
    }

    /** Counts a statement that has ended; its entry, null for one of nothing but comments. */
    @Nullable
    StatementEntry ended(Flight flight, Tally tally, int client) {
        if (flight.shape().bytes() == 0) {
            return null;
        }
        StatementEntry entry = statements.of(flight.account(), flight);
        entry.add(flight);
        tally.add(flight);
        if (settings.slow() >= 0 && flight.nanos() >= settings.slow()) {
            onlooker.slow(flight, client);
        }
        if (flight.trace().known()) {
            onlooker.traced(flight, client);
        }
        return entry;
    }

    void repeated(StatementEntry entry) {
        onlooker.repeated(entry.snapshot());
    }

    /** Everything begins at zero again but the histograms, whose readers expect them to grow. */
    public void reset() {
        statements.reset();
    }

    public SightStats snapshot() {
        List<TallyStats> all = new java.util.ArrayList<>();
        tallies.values().forEach(tally -> all.add(tally.snapshot()));
        if (rest.snapshot().times().count() > 0) {
            all.add(rest.snapshot());
        }
        return new SightStats(statements.snapshot(), all, statements.dropped(), statements.droppedCalls());
    }
}
