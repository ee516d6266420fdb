package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One client after the other in a world of four shards without faults. */
final class SessionRun {
    static final int SHARDS = 4;
    private static final SimulatedPlans PLANS = SimulatedPlans.of(SHARDS);
    /** Two keys of different shards, neither of them home's. */
    static final long ONE = keyOf(1, 0);

    static final long TWO = keyOf(2, 0);

    /** Writes messages to be sent at once. */
    interface Step {
        void accept(Messages messages);
    }

    private final SimulatedPlans plans;
    private final World world;
    private final List<SimulatedClient> clients = new ArrayList<>();

    SessionRun() {
        this(PLANS, SHARDS);
    }

    private SessionRun(SimulatedPlans plans, int shards) {
        this.plans = plans;
        this.world = new World(1, World.Size.of(shards, 4), World.Faults.NONE, new Trace(true));
    }

    static SessionRun onOneShard() {
        return new SessionRun(SimulatedPlans.of(1), 1);
    }

    private static long keyOf(int shard, int skip) {
        long key = 0;
        for (int left = skip; left >= 0; left--) {
            do {
                key++;
            } while (PLANS.shardOf(key) != shard);
        }
        return key;
    }

    /** Sends these messages, each list at once, and lets the world come to rest. */
    List<String> answers(Map<String, String> startup, List<Step> steps) {
        Program.Builder program = new Program.Builder();
        for (Step step : steps) {
            Messages messages = new Messages();
            step.accept(messages);
            program.step(messages.label(), messages.bytes(), 1, true);
        }
        return answers(startup, program.build());
    }

    List<String> answers(Map<String, String> startup, Program program) {
        Script script = run(startup, program);
        assertThat(script.complete()).as(script.waitingFor()).isTrue();
        return script.answers();
    }

    Script run(Map<String, String> startup, Program program) {
        Script script = start(startup, program);
        while (world.agenda().step()) {
            // until nothing is left to happen
        }
        return script;
    }

    /** Begins, and leaves it to the caller to let things happen. */
    Script start(Map<String, String> startup, Program program) {
        Script script = new Script(program, world::stamp);
        SimulatedClient client = new SimulatedClient(world, plans, "client", script, startup);
        clients.add(client);
        script.start(client);
        return script;
    }

    List<String> answers(Step... steps) {
        return answers(Map.of(), List.of(steps));
    }

    Map<Long, String> rows(int shard, String table) {
        return world.servers().get(shard).database().table(table);
    }

    /** The texts of simple queries and of statements of Pando's own that a shard's server got. */
    List<String> heard(int shard) {
        return world.servers().get(shard).database().heard();
    }

    long leased() {
        return world.pools().stream()
                .mapToLong(pool -> pool.statistics(world.nanos()).leased())
                .sum();
    }

    /** The most bytes that have waited for a client to read them. */
    int mostWaiting() {
        return clients.stream().mapToInt(SimulatedClient::mostWaiting).max().orElse(0);
    }

    World world() {
        return world;
    }

    /** The answers to messages of one batch that earn several ReadyForQuery. */
    List<String> batch(int earned, Step step) {
        Program.Builder program = new Program.Builder();
        Messages messages = new Messages();
        step.accept(messages);
        program.step(messages.label(), messages.bytes(), earned, true);
        return answers(Map.of(), program.build());
    }
}
