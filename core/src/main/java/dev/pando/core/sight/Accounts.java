package dev.pando.core.sight;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who has histograms of his own: so many accounts, the same on all event loops. Asked when clients come and go, by all loops, under one
 * lock.
 *
 * <p>What can go wrong: each account is a series of counters for whoever scrapes them, and a counter that falls is taken for one that began
 * anew. So a place is given up on all loops at once, with all that was counted there; a series then ends as a whole. What was counted stays
 * in the sums of its database, of which {@link LoopSight} keeps a limited number. Accounts that come when no place is free and nobody has left share one.
 */
public final class Accounts {
    /** Stands for those that there is no place for. */
    public static final String OTHERS = "(others)";

    private final int most;
    private final Map<Account, Seat> seats = new LinkedHashMap<>();
    private final Seat rest = new Seat(new Account(OTHERS, OTHERS));

    /** {@code most}: that have histograms of their own. */
    public Accounts(int most) {
        this.most = most;
    }

    /** One account's place; two of the same account in turn are two. */
    public static final class Seat {
        private final Account account;
        private int clients;
        private volatile boolean over;

        private Seat(Account account) {
            this.account = account;
        }

        Account account() {
            return account;
        }

        /** Whether it has been given up. */
        boolean over() {
            return over;
        }
    }

    /** A client has come. */
    synchronized Seat came(Account account) {
        Seat seat = seats.get(account);
        if (seat == null && (seats.size() < most || makeRoom())) {
            seat = new Seat(account);
            seats.put(account, seat);
        }
        Seat found = seat == null ? rest : seat;
        found.clients++;
        return found;
    }

    synchronized void left(Seat seat) {
        seat.clients--;
        if (seat.clients == 0 && seat != rest) {
            // Who has been without clients for longest is the first.
            seats.remove(seat.account);
            seats.put(seat.account, seat);
        }
    }

    private boolean makeRoom() {
        for (Seat seat : seats.values()) {
            if (seat.clients == 0) {
                seat.over = true;
                seats.remove(seat.account);
                return true;
            }
        }
        return false;
    }
}
