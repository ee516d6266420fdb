package dev.pando.core.session;

import dev.pando.core.pool.PoolStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One simulated run: a world, some clients with their programs, faults, and at the end the reckoning. */
final class Simulation {
    private static final int MOST_EVENTS = 200_000;

    /** Errors that a fault may cause. */
    private static final Set<String> FROM_FAULTS = Set.of("08006", "08007", "53300", "57014", "40000");

    /** Errors that follow from others, or that the programs provoke. */
    private static final Set<String> FROM_PROGRAMS = Set.of(
            "25P02", "25P01", "23505", "22012", "42703", "42601", "22P04", "34000", "26000", "42P05", "42P03", "3B001",
            "0A000", "25001");

    private final long seed;
    private final Trace trace;
    private final World.Faults faults;
    private final World world;
    private final SimulatedPlans plans;
    private final List<Script> scripts = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<Map<String, String>> startups = new ArrayList<>();

    Simulation(long seed, boolean keepTrace) {
        this.seed = seed;
        this.trace = new Trace(keepTrace);
        Chance chance = new Chance(~seed);
        this.faults = faults(chance);
        int shards = chance.between(1, 4);
        int count = chance.between(1, SimulatedPlans.CLIENTS);
        int poolSize = faults.queueTimeouts() ? chance.between(1, count) : count;
        this.plans = SimulatedPlans.of(shards);
        this.world = new World(seed, shards, poolSize, faults, trace);
        for (int i = 0; i < count; i++) {
            Script script = new Script(Programs.write(seed, i));
            scripts.add(script);
            Map<String, String> startup = chance.oneIn(3) ? Map.of("work_mem", "7") : Map.of();
            startups.add(startup);
            clients.add(new SimulatedClient(world, plans, "client" + i, script, startup));
        }
    }

    private static World.Faults faults(Chance chance) {
        if (chance.oneIn(2)) {
            return World.Faults.NONE;
        }
        return new World.Faults(
                chance.oneIn(3),
                chance.oneIn(3),
                chance.oneIn(3),
                chance.oneIn(3),
                chance.oneIn(4),
                chance.oneIn(4),
                chance.oneIn(6));
    }

    long digest() {
        return trace.digest();
    }

    /** Runs to the end and throws a {@link World.Violation} when a promise was broken. */
    void run() {
        start();
        drain();
        if (!world.collapsed()) {
            scripts.stream().filter(script -> !script.left()).forEach(this::requireAnswered);
            scripts.forEach(Script::leave);
            drain();
            requireNothingHeld();
        }
        aftermath();
        for (int i = 0; i < scripts.size(); i++) {
            new Reckoning(faults, world, scripts.get(i), startups.get(i)).check();
        }
        if (!faults.any()) {
            compare();
        }
    }

    private void start() {
        Chance chance = world.chance();
        Agenda agenda = world.agenda();
        for (int i = 0; i < scripts.size(); i++) {
            Script script = scripts.get(i);
            SimulatedClient client = clients.get(i);
            agenda.after(chance.between(1, 5_000), () -> script.start(client));
            if (faults.disconnects() && chance.oneIn(2)) {
                agenda.after(chance.between(1, 30_000), script::leave);
            }
            if (faults.cancels()) {
                agenda.after(chance.between(1, 30_000), script::cancel);
            }
        }
        if (faults.serverDeaths()) {
            ModelServer server = chance.pick(world.servers());
            agenda.after(chance.between(1, 30_000), server::kill);
            agenda.after(chance.between(30_000, 40_000), server::restart);
        }
        if (faults.connectionDeaths()) {
            agenda.after(chance.between(1, 30_000), this::killOne);
        }
        if (faults.impatientRecovery()) {
            for (int i = 0; i < 10; i++) {
                agenda.after(chance.between(1, 40_000), world::recover);
            }
        }
        if (faults.collapse()) {
            agenda.after(chance.between(1, 30_000), () -> {
                world.collapse();
                scripts.forEach(Script::leave);
            });
        }
    }

    private void killOne() {
        List<SimulatedLink> all = world.servers().stream()
                .flatMap(server -> server.connections().stream())
                .toList();
        if (!all.isEmpty()) {
            SimulatedLink victim = world.chance().pick(all);
            world.say("a connection to " + victim.shard() + " breaks");
            victim.breaks();
        }
    }

    private void drain() {
        for (int events = 0; world.agenda().step(); events++) {
            if (events > MOST_EVENTS) {
                throw new World.Violation("does not come to rest");
            }
        }
    }

    private void requireAnswered(Script script) {
        if (script.wasHungUpOn()) {
            throw new World.Violation("hung up on a client that did no wrong, after " + last(script.answers()));
        }
        if (!script.complete() && !script.discarded()) {
            throw new World.Violation(
                    "a client waits for ever at " + script.waitingFor() + ", after " + last(script.answers()));
        }
    }

    private static List<String> last(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - 5), lines.size());
    }

    private void requireNothingHeld() {
        for (SimulatedClient client : clients) {
            if (!client.gone()) {
                throw new World.Violation(client + " left and still holds something");
            }
        }
        world.pools().forEach(pool -> {
            PoolStatistics statistics = pool.statistics(world.nanos());
            if (statistics.connections() != statistics.idle() || statistics.waiting() != 0) {
                throw new World.Violation("pool is not at rest: " + statistics);
            }
        });
        List<String> leaked = world.buffers().leaked();
        if (!leaked.isEmpty()) {
            throw new World.Violation(leaked.size() + " buffers leaked: " + leaked.getFirst());
        }
    }

    /** All servers are up again, nobody is connected, recovery has run. */
    private void aftermath() {
        world.servers().forEach(ModelServer::restart);
        world.pools().forEach(dev.pando.core.pool.Pool::close);
        drain();
        world.servers().forEach(ModelServer::dropAll);
        drain();
        world.recover();
        for (ModelServer server : world.servers()) {
            if (!server.database().prepared().isEmpty()) {
                throw new World.Violation("still prepared on " + server.shard() + ": "
                        + server.database().prepared().keySet());
            }
        }
    }

    /** Without faults the data is what one server would have. */
    private void compare() {
        Map<String, Map<Long, String>> ours = new TreeMap<>();
        Map<String, Map<Long, String>> theirs = new TreeMap<>();
        for (ModelServer server : world.servers()) {
            server.database()
                    .tables()
                    .forEach((table, rows) ->
                            ours.computeIfAbsent(table, t -> new TreeMap<>()).putAll(rows));
        }
        for (Script script : scripts) {
            Reference.run(script.program())
                    .database()
                    .tables()
                    .forEach((table, rows) ->
                            theirs.computeIfAbsent(table, t -> new TreeMap<>()).putAll(rows));
        }
        ours.values().removeIf(Map::isEmpty);
        theirs.values().removeIf(Map::isEmpty);
        if (!ours.equals(theirs)) {
            throw new World.Violation("data differs: " + ours + "\nbut one server has " + theirs);
        }
    }

    /** What a person needs to understand a failure. */
    String report(Throwable violation) {
        StringBuilder text = new StringBuilder();
        text.append(violation)
                .append("\nwith ")
                .append(world.servers().size())
                .append(" shards, ")
                .append(faults);
        text.append("\nrerun: mvn -pl core -am test -Dtest=SessionSimulationTest -Dpando.sim.seed=")
                .append(seed);
        text.append("\n\n").append(trace.last(Integer.getInteger("pando.sim.lines", 60)));
        return text.toString();
    }

    static boolean fromFault(String line) {
        return line.startsWith("E ") && FROM_FAULTS.contains(line.substring(2, 7));
    }

    static boolean explained(String line) {
        return !line.startsWith("E ") || fromFault(line) || FROM_PROGRAMS.contains(line.substring(2, 7));
    }
}
