package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a client is read, and that nothing makes it be unread for ever. */
class ClientReadingTest {
    private final List<Boolean> calls = new ArrayList<>();
    private final ClientReading reading = new ClientReading(calls::add);
    private final SilentServer one = new SilentServer(0);
    private final SilentServer two = new SilentServer(1);

    @Test
    void theInboxStopsItAndLetsItGoOnOnce() {
        reading.inboxFull(true);
        reading.inboxFull(true);
        reading.inboxFull(false);
        reading.inboxFull(false);
        assertThat(calls).containsExactly(false, true);
    }

    @Test
    void oneReasonDoesNotEndAnother() {
        reading.sentTo(one.link());
        reading.inboxFull(true);
        one.hasRoom();
        assertThat(calls).containsExactly(false);
        reading.inboxFull(false);
        assertThat(calls).containsExactly(false, true);
        one.isFull();
        reading.sentTo(one.link());
        reading.inboxFull(false);
        assertThat(calls).containsExactly(false, true, false);
    }

    @Test
    void theSlowestServerSetsThePace() {
        reading.sentTo(one.link());
        reading.sentTo(two.link());
        one.hasRoom();
        assertThat(calls).containsExactly(false);
        two.hasRoom();
        assertThat(calls).containsExactly(false, true);
    }

    @Test
    void theEndOfTheDataEndsTheWaitForServers() {
        reading.sentTo(one.link());
        reading.dataOver();
        assertThat(calls).containsExactly(false, true);
        reading.sentTo(two.link());
        one.hasRoom();
        assertThat(calls).containsExactly(false, true, false);
    }

    @Test
    void aServerThatIsLostIsNotWaitedFor() {
        one.link().lost("gone");
        reading.sentTo(one.link());
        assertThat(calls).isEmpty();
    }

    /** The home server of this COPY takes nothing any more; then its connection breaks. */
    @Test
    void aCopyThatLosesItsFullServerLeavesTheClientHeard() {
        for (String target : List.of("home0", "play0")) {
            for (int way = 0; way < 4; way++) {
                SessionRun run = new SessionRun();
                Program.Builder program = new Program.Builder();
                Messages data = new Messages();
                for (int row = 1; row <= 400; row++) {
                    data.copyData(row + "\t" + "x".repeat(50) + "\n");
                }
                CopySteps.add(program, way, "COPY " + target + " (k, v) FROM STDIN", data.copyDone());
                String next = "SELECT v FROM home1 WHERE k = 1";
                program.step(next, new Messages().query(next).bytes(), 1, true);
                Script script = run.start(Map.of(), program.build());
                boolean broken = false;
                while (run.world().agenda().step()) {
                    SimulatedLink full = broken ? null : full(run);
                    if (full != null) {
                        broken = true;
                        full.breaks();
                    }
                }
                assertThat(broken).isTrue();
                assertThat(script.complete())
                        .as(target + " way " + way + ": " + script.waitingFor())
                        .isTrue();
                assertThat(script.answers()).anyMatch(answer -> answer.startsWith("E 08"));
                assertThat(script.answers()).endsWith("T [v 25 0]", "C SELECT 0", "Z I");
            }
        }
    }

    /** More than the inbox takes, in messages that are passed on at once. */
    @Test
    void copyDataThatIsPassedOnIsNotCountedAsWaiting() {
        for (int way = 0; way < 4; way += 2) {
            SessionRun run = new SessionRun();
            Program.Builder program = new Program.Builder();
            Messages data = new Messages();
            for (int row = 1; row <= 60; row++) {
                data.copyData(row + "\t" + "x".repeat(10_000) + "\n");
            }
            CopySteps.add(program, way, "COPY home0 (k, v) FROM STDIN", data.copyDone());
            String next = "SELECT v FROM home1 WHERE k = 1";
            program.step(next, new Messages().query(next).bytes(), 1, true);
            Script script = run.run(Map.of(), program.build());
            assertThat(script.complete())
                    .as("way " + way + ": " + script.waitingFor())
                    .isTrue();
            assertThat(script.answers()).endsWith("C COPY 60", "Z I", "T [v 25 0]", "C SELECT 0", "Z I");
        }
    }

    private static @Nullable SimulatedLink full(SessionRun run) {
        return run.world().servers().stream()
                .flatMap(server -> server.connections().stream())
                .filter(link -> !link.writable())
                .findFirst()
                .orElse(null);
    }
}
