package dev.pando.core.session;

import dev.pando.core.pool.PoolMode;
import dev.pando.core.pool.PoolStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One simulated run: a world, some clients with their programs, faults, and at the end the reckoning. */
final class Simulation {
    private static final int MOST_EVENTS = 200_000;
    private static final int LONGEST_STALL = 20_000;

    /** Errors that a fault may cause. */
    private static final Set<String> FROM_FAULTS =
            Set.of("08006", "08007", "53300", "53400", "57014", "40000", "55P03");

    /** Errors that follow from others, or that the programs provoke. */
    private static final Set<String> FROM_PROGRAMS = Set.of(
            "25P02", "25P01", "23505", "22012", "42703", "42601", "22P04", "34000", "26000", "42P05", "42P03", "3B001",
            "0A000", "25001", "42704");

    private final long seed;
    private final Setting setting;
    private final Trace trace;
    private final World.Faults faults;
    private final World world;
    private final SimulatedPlans plans;
    private final List<Script> scripts = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<Map<String, String>> startups = new ArrayList<>();

    private Simulation(long seed, Setting setting, Chance chance, boolean keepTrace) {
        this.seed = seed;
        this.setting = setting;
        this.trace = new Trace(keepTrace);
        this.faults = setting.faults();
        this.plans = SimulatedPlans.of(setting.size().shards());
        this.world = new World(seed, setting.size(), faults, trace);
        for (int i = 0; i < setting.clients(); i++) {
            PoolMode of = setting.mode();
            Script script = new Script(
                    of == null
                            ? Programs.write(
                                    seed,
                                    i,
                                    setting.size().shards() > 1,
                                    faults.network().deaf())
                            : CrowdPrograms.write(seed, i, of == PoolMode.TRANSACTION),
                    world::stamp);
            scripts.add(script);
            if (of != null) {
                script.leavesWhenDone();
            }
            Map<String, String> startup = chance.oneIn(3) ? Map.of(chance.of("work_mem", "timezone"), "2") : Map.of();
            startups.add(startup);
            PoolMode mode = of != null ? of : chance.oneIn(5) ? PoolMode.SESSION : PoolMode.TRANSACTION;
            clients.add(new SimulatedClient(world, plans, "client" + i, script, startup, mode));
        }
    }

    /** A few clients that do all there is. */
    static Simulation few(long seed, boolean keepTrace) {
        Chance chance = new Chance(~seed);
        return new Simulation(seed, Setting.few(chance), chance, keepTrace);
    }

    /** Thousands of sessions at a few connections. */
    static Simulation crowd(long seed, boolean keepTrace) {
        Chance chance = new Chance(~seed);
        return new Simulation(seed, Setting.crowd(seed, chance), chance, keepTrace);
    }

    long digest() {
        return trace.digest();
    }

    /** Runs to the end and throws a {@link World.Violation} when a promise was broken. */
    void run() {
        start();
        drain();
        if (!world.collapsed()) {
            for (int i = 0; i < scripts.size(); i++) {
                if (!scripts.get(i).left()) {
                    requireAnswered(scripts.get(i), clients.get(i));
                }
            }
            scripts.forEach(Script::end);
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
        int span = setting.span();
        for (int i = 0; i < scripts.size(); i++) {
            Script script = scripts.get(i);
            SimulatedClient client = clients.get(i);
            agenda.after(chance.between(1, setting.arrival()), () -> script.start(client));
            if (faults.disconnects() && chance.oneIn(setting.mode() == null ? 2 : 10)) {
                agenda.after(chance.between(1, span), script::leave);
            }
            if (faults.cancels() && (setting.mode() == null || chance.oneIn(10))) {
                agenda.after(chance.between(1, span), script::cancel);
            }
        }
        if (faults.serverDeaths()) {
            ModelServer server = chance.pick(world.servers());
            agenda.after(chance.between(1, span), server::kill);
            agenda.after(span + chance.between(1, span / 3), server::restart);
        }
        if (faults.impatientRecovery()) {
            for (int i = 0; i < 10; i++) {
                agenda.after(chance.between(1, span + span / 3), world::recover);
            }
        }
        if (faults.collapse()) {
            agenda.after(chance.between(1, span), () -> {
                world.collapse();
                scripts.forEach(Script::leave);
            });
        }
        if (faults.network().deaf()) {
            SimulatedClient deaf = chance.pick(clients);
            agenda.after(chance.between(1, span / 6), () -> deaf.reads(false));
            agenda.after(20L * span, () -> deaf.reads(true));
        }
        strike();
    }

    /** What happens to connections. */
    private void strike() {
        World.Network network = faults.network();
        for (int i = setting.strikes(); i > 0; i--) {
            if (faults.connectionDeaths()) {
                to("breaks", SimulatedLink::breaks);
            }
            if (network.resets()) {
                to("is reset", SimulatedLink::tears);
            }
            if (network.halfOpen()) {
                to("is half open at Pando", SimulatedLink::serverVanishes);
                to("is half open at the server", SimulatedLink::unheard);
            }
            if (network.resets() || network.halfOpen()) {
                world.agenda()
                        .after(
                                world.chance().between(1, setting.span()),
                                () -> world.listening().strike(network));
            }
            if (network.stalls()) {
                boolean up = world.chance().oneIn(2);
                int long1 = world.chance().between(1, LONGEST_STALL);
                to("stalls", link -> link.stall(up, long1));
                SimulatedClient client = world.chance().pick(clients);
                world.agenda().after(world.chance().between(1, setting.span()), () -> client.stall(up, long1));
            }
        }
    }

    /** To some connection to a server, at some time. */
    private void to(String what, Consumer<SimulatedLink> fault) {
        world.agenda().after(world.chance().between(1, setting.span()), () -> {
            List<SimulatedLink> all = world.servers().stream()
                    .flatMap(server -> server.connections().stream())
                    .toList();
            if (!all.isEmpty() && !world.collapsed()) {
                SimulatedLink victim = world.chance().pick(all);
                world.say("a connection to " + victim.shard() + " " + what);
                fault.accept(victim);
            }
        });
    }

    private void drain() {
        for (int events = 0; world.agenda().step(); events++) {
            if (events > MOST_EVENTS * Math.max(1, setting.clients() / 10)) {
                throw new World.Violation("does not come to rest");
            }
        }
    }

    private void requireAnswered(Script script, SimulatedClient client) {
        if (script.wasHungUpOn() && endedAsListener(script.answers().getLast(), client)) {
            return;
        }
        if (script.wasHungUpOn()) {
            throw new World.Violation("hung up on a client that did no wrong, after " + last(script.answers()));
        }
        if (!script.complete() && !script.discarded()) {
            throw new World.Violation(
                    "a client waits for ever at " + script.waitingFor() + ", after " + last(script.answers()));
        }
    }

    /** Pando ends a session when it cannot tell it what it listens to. */
    private boolean endedAsListener(String last, SimulatedClient client) {
        boolean lost = last.startsWith("E 08006 the connection that listens");
        return (lost && !world.listening().losses().isEmpty()) || (last.startsWith("E 53400") && client.overheard());
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
        world.servers().forEach(this::requireNothingOpen);
        if (!world.listening().leftOpen().isEmpty()) {
            throw new World.Violation(
                    "nobody is there and yet it listens: " + world.listening().leftOpen());
        }
        List<String> leaked = world.buffers().leaked();
        if (!leaked.isEmpty()) {
            throw new World.Violation(leaked.size() + " buffers leaked: " + leaked.getFirst());
        }
    }

    /** The server has exactly the connections that are idle in the pool, and nothing is open on them. */
    private void requireNothingOpen(ModelServer server) {
        world.audit(server.shard());
        int idle = world.pool(server.shard()).statistics(world.nanos()).idle();
        if (server.connections().size() != idle) {
            throw new World.Violation(server.shard() + " has "
                    + server.connections().size() + " connections, but the pool knows of " + idle);
        }
        for (SimulatedLink link : server.connections()) {
            if (!link.leftOpen().isEmpty()) {
                throw new World.Violation(server.shard() + " has left open: " + link.leftOpen());
            }
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
            List<String> left = server.database().prepared().keySet().stream()
                    .filter(name -> name.startsWith(World.OWN))
                    .toList();
            if (!left.isEmpty()) {
                throw new World.Violation("still prepared on " + server.shard() + ": " + left);
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
        text.append("\nrerun: mvn -pl core -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest='")
                .append(setting.test())
                .append("' -Dpando.sim.seed=")
                .append(seed);
        text.append("\n\n").append(trace.last(Integer.getInteger("pando.sim.lines", 60)));
        return text.toString();
    }

    /** What the pools went through. */
    String queues() {
        return world.watches() + " in " + world.agenda().now() / 1_000 + " ms";
    }

    static boolean fromFault(String line) {
        return line.startsWith("E ") && FROM_FAULTS.contains(line.substring(2, 7));
    }

    static boolean explained(String line) {
        return !line.startsWith("E ") || fromFault(line) || FROM_PROGRAMS.contains(line.substring(2, 7));
    }
}
