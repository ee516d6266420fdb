package dev.pando.rehearse.traffic;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.MigrationReader.Mode;
import dev.pando.lint.read.Source;
import dev.pando.lint.read.Statement;
import dev.pando.lint.read.Transaction.Origin;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Statements of which each client draws one after the other.
 *
 * @param units statements; those of one transaction stay together
 */
record Drawn(String name, List<List<String>> units, Pace pace) implements TrafficFile {
    Drawn {
        units = List.copyOf(units);
    }

    static Drawn of(String name, String text, Pace pace) {
        List<List<String>> units = units(name, text);
        if (units.isEmpty()) {
            throw new PandoException(PandoError.REHEARSE_INPUT, name, "it has no statement");
        }
        return new Drawn(name, units, pace);
    }

    private static List<List<String>> units(String name, String text) {
        Map<Integer, List<String>> units = new LinkedHashMap<>();
        for (Statement statement : new MigrationReader(Map.of(), Mode.PER_STATEMENT)
                .read(new Source(name, text))
                .statements()) {
            if (statement.kind() == Statement.Kind.PSQL) {
                throw new PandoException(
                        PandoError.REHEARSE_INPUT,
                        name + ":" + statement.place(),
                        statement.sql() + " is a command of psql's, which only psql runs");
            }
            boolean together = statement.transaction().origin() == Origin.TEXT;
            units.computeIfAbsent(
                            together ? statement.transaction().id() : -1 - statement.number(), id -> new ArrayList<>())
                    .add(statement.sql());
        }
        return List.copyOf(units.values());
    }

    @Override
    public int clients() {
        return pace.clients();
    }

    @Override
    public Traffic traffic(Tables tables) throws SQLException {
        List<List<Request>> requests = new ArrayList<>();
        for (List<String> unit : units) {
            List<Request> together = new ArrayList<>();
            for (String sql : unit) {
                together.add(new Request(sql, List.of(), tables.of(sql)));
            }
            requests.add(List.copyOf(together));
        }
        List<Script> scripts = new ArrayList<>();
        for (int client = 0; client < pace.clients(); client++) {
            scripts.add(script(requests, client));
        }
        String words = String.format(
                Locale.ROOT,
                "%d clients, %,d turns a second, each drawn from the %,d of %s",
                pace.clients(),
                pace.rate(),
                units.size(),
                name);
        return new Traffic(words, scripts);
    }

    private Script script(List<List<Request>> requests, int client) {
        return () -> new Script.Turns() {
            private final SplittableRandom random = new SplittableRandom(pace.seed() + client);
            private long turns;

            @Override
            public Turn next() {
                return new Turn(pace.due(turns++, client), requests.get(random.nextInt(requests.size())), false);
            }
        };
    }
}
