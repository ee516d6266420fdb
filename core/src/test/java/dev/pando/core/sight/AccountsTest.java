package dev.pando.core.sight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccountsTest {
    private static final String SQL = "SELECT a FROM t WHERE a = 1";

    /** Statements by "database user". */
    private static Map<String, Long> counted(Watched... loops) {
        Map<String, Long> found = new HashMap<>();
        Watched.counts(loops)
                .accounts()
                .forEach(each -> found.put(
                        each.account().database() + " " + each.account().user(),
                        each.times().count()));
        return found;
    }

    private static long ofDatabase(String database, Watched... loops) {
        TallyStats found = Watched.counts(loops).databases().get(database);
        return found == null ? 0 : found.times().count();
    }

    @Test
    void loopsAreAddedUp() {
        Watched one = Watched.usual();
        Watched other = one.beside();
        one.client().runs(SQL, 2, 1);
        other.client().runs(SQL, 8, 1);
        other.client("app", "bob").runs("SELECT b FROM t", 8, 1);
        assertThat(counted(one, other)).isEqualTo(Map.of("app ann", 2L, "app bob", 1L));
        assertThat(ofDatabase("app", one, other)).isEqualTo(3);
        assertThat(Watched.counts(one, other).shapes()).isEqualTo(2);
    }

    @Test
    void thoseBeyondTheLimitShareOneWhateverTheirLoop() {
        Watched one = Watched.usual();
        Watched other = one.beside();
        for (int i = 0; i < 6; i++) {
            (i % 2 == 0 ? one : other).client("app", "u" + i).runs(SQL, 1, 1);
        }
        assertThat(counted(one, other))
                .isEqualTo(Map.of("app u0", 1L, "app u1", 1L, "app u2", 1L, "(others) (others)", 3L));
    }

    @Test
    void aPlaceIsGivenUpOnAllLoopsAtOnceAndOnlyWhenAllClientsHaveLeft() {
        Watched one = Watched.usual();
        Watched other = one.beside();
        Watched.Client here = one.client("app", "u0").runs(SQL, 1, 1);
        Watched.Client there = other.client("app", "u0").runs(SQL, 1, 1);
        one.client("app", "u1").runs(SQL, 1, 1);
        one.client("app", "u2").runs(SQL, 1, 1);
        here.sight().closed();
        one.client("app", "late").runs(SQL, 1, 1);
        assertThat(counted(one, other)).containsEntry("app u0", 2L).containsEntry("(others) (others)", 1L);
        there.sight().closed();
        one.client("app", "later").runs(SQL, 1, 1);
        assertThat(counted(one, other)).containsEntry("app later", 1L).doesNotContainKey("app u0");
        // The other loop has not heard of it yet, nor has it anything to tell of who comes again.
        assertThat(ofDatabase("app", one, other)).isEqualTo(5);
    }

    @Test
    void whoHasBeenGoneForLongestMakesRoom() {
        Watched one = Watched.usual();
        Watched.Client u0 = one.client("app", "u0");
        Watched.Client u1 = one.client("app", "u1");
        one.client("app", "u2").runs(SQL, 1, 1);
        u1.runs(SQL, 1, 1).sight().closed();
        u0.runs(SQL, 1, 1).sight().closed();
        one.client("app", "u3").runs(SQL, 1, 1);
        assertThat(counted(one)).containsOnlyKeys("app u0", "app u2", "app u3");
    }

    @Test
    void ofDatabasesBeyondTheLimitWhatTheDepartedHadGoesToTheOthers() {
        Watched one = Watched.usual();
        int most = LoopSight.MOST_DATABASES;
        for (int i = 0; i < most + 3; i++) {
            one.client("d" + i, "u").runs(SQL, 1, 1).sight().closed();
        }
        assertThat(ofDatabase("d" + (most - 1), one))
                .as("the last that is kept")
                .isEqualTo(1);
        assertThat(ofDatabase("d" + most, one)).as("has its place").isEqualTo(1);
        assertThat(ofDatabase(Accounts.OTHERS, one)).isZero();
        one.client("late", "u").runs(SQL, 1, 1).sight().closed();
        assertThat(ofDatabase("d" + (most - 1), one)).isEqualTo(1);
        assertThat(ofDatabase("d" + most, one)).isZero();
        assertThat(ofDatabase(Accounts.OTHERS, one)).isEqualTo(1);
        one.client("d" + most, "u").runs(SQL, 1, 1).sight().closed();
        assertThat(ofDatabase("d" + most, one)).as("begins again").isEqualTo(1);
        // A database that is kept goes on where it was.
        one.client("d0", "u").runs(SQL, 1, 1);
        assertThat(ofDatabase("d0", one)).isEqualTo(2);
    }

    @Test
    void countersNeverFallButEndAsAWhole() {
        long seed = 20261122;
        Random random = new Random(seed);
        Watched first = Watched.usual();
        Watched[] loops = {first, first.beside(), first.beside()};
        Map<String, Long> before = new HashMap<>();
        Map<String, Long> databases = new HashMap<>();
        List<Watched.Client> clients = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            int what = random.nextInt(4);
            if (clients.size() < 4 || (what == 0 && clients.size() < 12)) {
                clients.add(loops[random.nextInt(3)].client("d" + random.nextInt(2), "u" + random.nextInt(5)));
            } else if (what == 1) {
                clients.remove(random.nextInt(clients.size())).sight().closed();
            } else {
                clients.get(random.nextInt(clients.size())).runs(SQL, 1, 1);
            }
            Map<String, Long> now = counted(loops);
            for (Map.Entry<String, Long> each : now.entrySet()) {
                assertThat(each.getValue())
                        .as("%s in step %d of seed %d", each.getKey(), step, seed)
                        .satisfiesAnyOf(
                                count -> assertThat(count)
                                        .isGreaterThanOrEqualTo(before.getOrDefault(each.getKey(), 0L)),
                                count -> assertThat(count).isZero());
            }
            before.clear();
            before.putAll(now);
            for (String database : new String[] {"d0", "d1", "(others)"}) {
                long count = ofDatabase(database, loops);
                assertThat(count)
                        .as("%s in step %d of seed %d", database, step, seed)
                        .isGreaterThanOrEqualTo(databases.getOrDefault(database, 0L));
                databases.put(database, count);
            }
        }
        assertThat(databases.values()).allMatch(count -> count > 50);
    }
}
