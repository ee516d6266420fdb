package dev.pando.rehearse.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.oracle.LockMode;
import dev.pando.rehearse.watch.Sample.Held;
import dev.pando.rehearse.watch.Sample.Waiter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WaitsTest {
    private static final int MIGRATION = 1;

    private final Waits waits = new Waits(MIGRATION);

    private static Waiter waiter(int pid, String table, @Nullable LockMode mode, long waited, Integer... blockers) {
        return new Waiter(pid, table, mode, 100 + pid, waited, List.of(blockers));
    }

    @Test
    void aLockOfAnEarlierStatementIsBlamedOnIt() {
        Held lock = new Held("orders", LockMode.ACCESS_EXCLUSIVE);
        waits.add(new Sample(0, 0, List.of(), List.of(lock)));
        waits.add(new Sample(
                10, 1, List.of(waiter(7, "orders", LockMode.ACCESS_SHARE, 5_000, MIGRATION)), List.of(lock)));
        waits.add(new Sample(
                20, 2, List.of(waiter(7, "orders", LockMode.ACCESS_SHARE, 15_000, MIGRATION)), List.of(lock)));

        assertThat(waits.relations())
                .containsExactly(new RelationWait(
                        "orders", 1, 15_000, 15_000, 1, new Blame(0, 2, LockMode.ACCESS_EXCLUSIVE, true)));
    }

    @Test
    void whoWaitsBehindSomebodyWhoWaitsForTheMigrationWaitsForItToo() {
        Held lock = new Held("orders", LockMode.SHARE);
        Waiter writer = waiter(7, "orders", LockMode.ROW_EXCLUSIVE, 5_000, MIGRATION);
        Waiter behind = waiter(8, "orders", null, 4_000, 7);
        Waiter stranger = waiter(9, "orders", null, 9_000, 55);

        waits.add(new Sample(0, 0, List.of(writer, behind, stranger), List.of(lock)));

        assertThat(waits.relations()).singleElement().satisfies(wait -> {
            assertThat(wait.waits()).isEqualTo(2);
            assertThat(wait.queue()).isEqualTo(2);
            assertThat(wait.longest()).isEqualTo(5_000);
        });
    }

    @Test
    void whileTheMigrationWaitsItselfTheQueueBehindItIsBlamedOnWhatItWaitsFor() {
        Waiter migration = waiter(MIGRATION, "orders", LockMode.ACCESS_EXCLUSIVE, 6_000, 44);
        Waiter reader = waiter(7, "orders", LockMode.ACCESS_SHARE, 5_000, MIGRATION);

        waits.add(new Sample(0, 3, List.of(migration, reader), List.of(new Held("orders", LockMode.ACCESS_EXCLUSIVE))));

        assertThat(waits.relations().getFirst().blame()).isEqualTo(new Blame(3, 3, LockMode.ACCESS_EXCLUSIVE, false));
        assertThat(waits.own(3)).isEqualTo(6_000);
        assertThat(waits.depths()).containsExactly(new Waits.Depth(0, Map.of(3, 1)));
    }

    @Test
    void aLockThatWasGivenBackIsNobodysFault() {
        Held lock = new Held("orders", LockMode.ACCESS_EXCLUSIVE);
        waits.add(new Sample(0, 0, List.of(), List.of(lock)));
        waits.add(new Sample(10, 1, List.of(), List.of()));
        waits.add(new Sample(
                20, 2, List.of(waiter(7, "orders", LockMode.ACCESS_SHARE, 5_000, MIGRATION)), List.of(lock)));

        assertThat(waits.relations().getFirst().blame().step()).isEqualTo(2);
    }

    @Test
    void beyondTheLimitTheLongestOfEachTableIsStillTold() {
        Waits few = new Waits(MIGRATION, 1);
        Held lock = new Held("orders", LockMode.ACCESS_EXCLUSIVE);
        few.add(new Sample(0, 0, List.of(waiter(7, "orders", LockMode.ACCESS_SHARE, 5_000, MIGRATION)), List.of(lock)));
        assertThat(few.more()).isFalse();
        few.add(new Sample(
                10,
                0,
                List.of(
                        waiter(8, "orders", LockMode.ACCESS_SHARE, 9_000, MIGRATION),
                        waiter(9, "items", null, 7_000, 8)),
                List.of(lock)));

        assertThat(few.more()).isTrue();
        assertThat(few.relations()).extracting(RelationWait::longest).containsExactly(9_000L, 7_000L);
    }
}
