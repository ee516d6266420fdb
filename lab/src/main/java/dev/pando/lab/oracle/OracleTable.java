package dev.pando.lab.oracle;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What each statement of the {@link Corpus} does on one major: observed there, kept as text, and read where no server is wanted. */
public final class OracleTable {
    private static final String SCHEMA = "corpus";
    private static final String TOPIC = "topic";

    private OracleTable() {}

    /** The kept observations of {@code major}, by key of the corpus. */
    public static Map<String, Observation> of(Major major) {
        return read(Corpus.resource(name(major)));
    }

    static String name(Major major) {
        return "postgres-" + major.number() + ".txt";
    }

    /** Observes the whole corpus on a server of {@code major}, which takes some ten seconds. */
    public static Map<String, Observation> measure(Major major) throws SQLException {
        Map<String, Observation> observed = new TreeMap<>();
        try (TemporaryServer server =
                TemporaryServer.start(major, Map.of("autovacuum", "off", "allow_in_place_tablespaces", "on"))) {
            admin(server, "CREATE TABLESPACE other_space LOCATION ''", "CREATE DATABASE " + SCHEMA);
            fill(server, SCHEMA, List.of(Corpus.schema()));
            for (Corpus.Topic topic : Corpus.topics()) {
                admin(server, "CREATE DATABASE " + TOPIC + " TEMPLATE " + SCHEMA + " STRATEGY wal_log");
                fill(server, TOPIC, topic.setup(major));
                try (LockOracle oracle = LockOracle.open(server, TOPIC)) {
                    for (Corpus.Entry entry : topic.entries()) {
                        observed.put(entry.key(), oracle.observe(entry.sql()));
                    }
                }
                admin(server, "DROP DATABASE " + TOPIC + " WITH (FORCE)");
            }
        }
        return observed;
    }

    private static void admin(TemporaryServer server, String... statements) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static void fill(TemporaryServer server, String database, List<String> scripts) throws SQLException {
        try (Connection connection = server.connect(database, "preferQueryMode=simple");
                Statement statement = connection.createStatement()) {
            for (String script : scripts) {
                statement.execute(script);
            }
        }
    }

    /** One line for each statement, and its facts in lines below it that begin with two spaces. */
    public static String write(Major major, Map<String, Observation> table) {
        StringBuilder text = new StringBuilder("# What each statement of the corpus does on PostgreSQL ")
                .append(major.number())
                .append(". Made by OracleTableTest, see docs/oracle.md.\n");
        new TreeMap<>(table).forEach((key, observation) -> {
            text.append(key).append('\n');
            ObservationText.write(observation)
                    .forEach(line -> text.append("  ").append(line).append('\n'));
        });
        return text.toString();
    }

    static Map<String, Observation> read(String text) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        String key = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith("  ")) {
                lines.computeIfAbsent(key, missing -> new ArrayList<>()).add(line.substring(2));
            } else if (!line.startsWith("#")) {
                key = line;
            }
        }
        Map<String, Observation> table = new TreeMap<>();
        lines.forEach((name, facts) -> table.put(name, ObservationText.read(facts)));
        return table;
    }
}
