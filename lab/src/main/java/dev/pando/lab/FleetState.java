package dev.pando.lab;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a fleet remembers between starts, kept in {@code pando.properties}. A server is in {@code created} from the moment its data
 * must never be made again.
 */
record FleetState(int shards, int replicas, SortedMap<ServerName, Integer> ports, SortedSet<ServerName> created) {
    static final String FILE = "pando.properties";
    private static final String FORMAT = "1";
    private static final int HIGHEST_PORT = 65_535;

    static FleetState fresh(int shards, int replicas) {
        return new FleetState(shards, replicas, new TreeMap<>(), new TreeSet<>());
    }

    FleetState {
        ports = new TreeMap<>(ports);
        created = new TreeSet<>(created);
    }

    List<ServerName> servers() {
        List<ServerName> names = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            for (int replica = 0; replica <= replicas; replica++) {
                names.add(new ServerName(shard, replica));
            }
        }
        return names;
    }

    FleetState withReplicas(int count) {
        return new FleetState(shards, count, ports, created);
    }

    FleetState withPorts(Map<ServerName, Integer> chosen) {
        return new FleetState(shards, replicas, new TreeMap<>(chosen), created);
    }

    FleetState withCreated(ServerName server) {
        SortedSet<ServerName> more = new TreeSet<>(created);
        more.add(server);
        return new FleetState(shards, replicas, ports, more);
    }

    void save(Path folder) throws IOException {
        Folders.writeAtomically(folder.resolve(FILE), render());
    }

    String render() {
        StringBuilder text = new StringBuilder("# Written by Pando; do not edit while it runs.\n");
        text.append("format=" + FORMAT + "\n");
        text.append("shards=").append(shards).append('\n');
        text.append("replicas=").append(replicas).append('\n');
        ports.forEach((server, port) ->
                text.append(server.path()).append(".port=").append(port).append('\n'));
        created.forEach(server -> text.append(server.path()).append(".created=true\n"));
        return text.toString();
    }

    /** Reads the state; an {@link IllegalArgumentException} tells what is wrong with it. */
    static FleetState load(Path folder) throws IOException {
        return parse(Files.readString(folder.resolve(FILE)));
    }

    static FleetState parse(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        String format = properties.getProperty("format", "none");
        if (!format.equals(FORMAT)) {
            throw new IllegalArgumentException(FILE + " has format " + format + ", this version reads " + FORMAT);
        }
        FleetState state = fresh(number(properties, "shards", 1, 128), number(properties, "replicas", 0, 128));
        for (ServerName server : state.servers()) {
            if (properties.containsKey(server.path() + ".port")) {
                state.ports.put(server, number(properties, server.path() + ".port", 1, HIGHEST_PORT));
            }
            if (properties.containsKey(server.path() + ".created")) {
                state.created.add(server);
            }
        }
        return state;
    }

    private static int number(Properties properties, String key, int least, int most) {
        String value = properties.getProperty(key, "missing");
        if (!value.matches("[0-9]{1,6}") || Integer.parseInt(value) < least || Integer.parseInt(value) > most) {
            throw new IllegalArgumentException(FILE + ": " + key + " is " + value);
        }
        return Integer.parseInt(value);
    }
}
