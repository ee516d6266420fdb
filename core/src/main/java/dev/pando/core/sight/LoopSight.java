package dev.pando.core.sight;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop sees of its clients' statements; owned by the loop. {@link SessionSight} tells it of each that has ended.
 */
public final class LoopSight {
    static final Account NOBODY = new Account("", "");
    private static final int SPARE = 256;
    /**
     * Databases of which something is kept when their accounts have given up their places. What such accounts of further ones had counted goes
     * to {@link Accounts#OTHERS}, so that the sums of these databases fall.
     */
    static final int MOST_DATABASES = 100;

    private final Onlooker onlooker;
    private final Accounts accounts;
    private final StatementTable statements;
    private final Map<Accounts.Seat, Tally> tallies = new HashMap<>();
    private final Map<String, TallyStats> departed = new HashMap<>();
    private SightSettings settings;
    private int age;
    private @Nullable Flight spare;
    private int spares;

    /** {@code accounts}: that have histograms of their own, which all loops share. */
    public LoopSight(SightSettings settings, Accounts accounts, Onlooker onlooker) {
        this.settings = settings;
        this.accounts = accounts;
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

    /** A client has come. */
    Tally came(Account account) {
        Accounts.Seat seat = accounts.came(account);
        Tally known = tallies.get(seat);
        if (known != null) {
            return known;
        }
        keepDeparted();
        Tally fresh = new Tally(seat);
        tallies.put(seat, fresh);
        return fresh;
    }

    void left(Tally tally) {
        accounts.left(tally.seat());
    }

    /** Of those who have given up their places what was counted stays with their databases, if these are not too many. */
    private void keepDeparted() {
        tallies.values().removeIf(tally -> {
            if (tally.seat().over()) {
                TallyStats counted = tally.snapshot();
                String database = counted.account().database();
                boolean place = departed.size() < MOST_DATABASES || departed.containsKey(database);
                departed.merge(place ? database : Accounts.OTHERS, counted, TallyStats::plus);
            }
            return tally.seat().over();
        });
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
        flight.id = entry.id();
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

    /** All statements. */
    public SightStats snapshot() {
        return new SightStats(statements.snapshot(), statements.dropped(), statements.droppedCalls());
    }

    /** What servers can be asked for the plan of the statement with that number; none when it is not known. */
    public Optional<Explainable> explainable(long id) {
        return statements.explainable(id);
    }

    /** What is cheap to tell. */
    public SightCounts.OfLoop counts() {
        Map<Accounts.Seat, TallyStats> all = new HashMap<>();
        tallies.forEach((seat, tally) -> all.put(seat, tally.snapshot()));
        return new SightCounts.OfLoop(
                all, Map.copyOf(departed), statements.ids(), statements.dropped(), statements.repeated());
    }
}
