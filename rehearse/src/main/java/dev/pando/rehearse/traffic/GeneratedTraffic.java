package dev.pando.rehearse.traffic;

import dev.pando.rehearse.rows.Filled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Requests made from the tables: of ten six look a row up by its primary key, two update one, one reads twenty rows in the key's order and
 * one inserts a row. The same seed gives the same requests.
 */
public final class GeneratedTraffic {
    private static final int READ_AT_ONCE = 20;

    private enum Kind {
        LOOK_UP,
        UPDATE,
        RANGE,
        INSERT
    }

    private static final List<Kind> OF_TEN = List.of(
            Kind.LOOK_UP,
            Kind.LOOK_UP,
            Kind.LOOK_UP,
            Kind.LOOK_UP,
            Kind.LOOK_UP,
            Kind.LOOK_UP,
            Kind.UPDATE,
            Kind.UPDATE,
            Kind.RANGE,
            Kind.INSERT);

    private final List<Subject> subjects;
    private final List<Integer> drawn = new ArrayList<>();
    private final Pace pace;

    private GeneratedTraffic(List<Subject> subjects, Pace pace) {
        this.subjects = List.copyOf(subjects);
        this.pace = pace;
        for (int i = 0; i < subjects.size(); i++) {
            for (int n = 0; n < subjects.get(i).weight(); n++) {
                drawn.add(i);
            }
        }
    }

    public static Traffic of(List<Subject> subjects, Pace pace) {
        var generated = new GeneratedTraffic(subjects, pace);
        String words =
                String.format(Locale.ROOT, "%d clients, %,d requests a second, generated", pace.clients(), pace.rate());
        return new Traffic(
                words,
                IntStream.range(0, pace.clients()).mapToObj(generated::script).toList());
    }

    private Script script(int client) {
        return () -> new Script.Turns() {
            private final SplittableRandom random = new SplittableRandom(pace.seed() + client);
            private long turns;

            @Override
            public Turn next() {
                Request request = request(random, turns * pace.clients() + client + 1);
                return new Turn(pace.due(turns++, client), List.of(request), false);
            }
        };
    }

    private Request request(SplittableRandom random, long number) {
        Subject subject = subjects.get(drawn.get(random.nextInt(drawn.size())));
        Kind kind = OF_TEN.get(random.nextInt(OF_TEN.size()));
        boolean keyed = !subject.key().isEmpty() && !subject.keys().isEmpty();
        if (kind == Kind.INSERT && subject.inserting() != null) {
            return insert(subject, subject.inserting(), number, random);
        }
        if (!keyed) {
            return new Request(
                    "SELECT " + String.join(", ", subject.columns()) + " FROM " + subject.name() + " LIMIT "
                            + READ_AT_ONCE,
                    List.of(),
                    List.of(subject.name()));
        }
        List<String> key = subject.keys().get(random.nextInt(subject.keys().size()));
        if (kind == Kind.UPDATE && subject.updated() != null) {
            return update(subject, subject.updated(), key);
        }
        return kind == Kind.RANGE ? range(subject, key) : lookUp(subject, key);
    }

    static Request lookUp(Subject subject, List<String> key) {
        return new Request(select(subject) + " WHERE " + equal(subject), key, List.of(subject.name()));
    }

    static Request range(Subject subject, List<String> key) {
        String columns = String.join(", ", subject.key());
        String places = "?" + ", ?".repeat(subject.key().size() - 1);
        return new Request(
                select(subject) + " WHERE (" + columns + ") >= (" + places + ") ORDER BY " + columns + " LIMIT "
                        + READ_AT_ONCE,
                key,
                List.of(subject.name()));
    }

    static Request update(Subject subject, String column, List<String> key) {
        return new Request(
                "UPDATE " + subject.name() + " SET " + column + " = " + column + " WHERE " + equal(subject),
                key,
                List.of(subject.name()));
    }

    static Request insert(Subject subject, Subject.Inserting inserting, long number, SplittableRandom random) {
        Filled.Insertion insertion = inserting.insertion();
        List<String> values = new ArrayList<>();
        for (List<List<String>> source : inserting.sources()) {
            values.addAll(source.get(random.nextInt(source.size())));
        }
        String place = Long.toString(insertion.last() + number);
        values.add(place);
        values.add(place);
        return new Request(insertion.sql(), values, List.of(subject.name()));
    }

    private static String select(Subject subject) {
        return "SELECT " + String.join(", ", subject.columns()) + " FROM " + subject.name();
    }

    private static String equal(Subject subject) {
        return String.join(" = ? AND ", subject.key()) + " = ?";
    }
}
