package dev.pando.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One measurement of {@code bench proxy}: so many clients that do this in that way. */
record Point(int clients, Scenario scenario, Protocol protocol) {
    private static final List<Integer> FULL_CLIENTS = List.of(1, 8, 64, 1_000, 10_000);

    /** At most so many clients get answers of a megabyte each: more would measure the memory of the machine. */
    private static final int MOST_FOR_LARGE = 64;

    private static final int MOST_FOR_COPY = 8;

    /** What is measured when nothing is asked for: about two minutes. */
    static List<Point> usual() {
        return List.of(
                new Point(1, Scenario.SELECT_ONLY, Protocol.SIMPLE),
                new Point(1, Scenario.SELECT_ONLY, Protocol.EXTENDED),
                new Point(64, Scenario.SELECT_ONLY, Protocol.SIMPLE),
                new Point(64, Scenario.SELECT_ONLY, Protocol.EXTENDED),
                new Point(64, Scenario.SELECT_ONLY, Protocol.PREPARED),
                new Point(64, Scenario.SELECT_ONLY, Protocol.PIPELINED),
                new Point(64, Scenario.TPC_B, Protocol.EXTENDED),
                new Point(8, Scenario.ROWS_1_KB, Protocol.EXTENDED),
                new Point(8, Scenario.ROWS_1_MB, Protocol.EXTENDED),
                new Point(1, Scenario.COPY_OUT, Protocol.SIMPLE),
                new Point(1, Scenario.COPY_IN, Protocol.SIMPLE),
                new Point(1_000, Scenario.SELECT_ONLY, Protocol.EXTENDED));
    }

    static List<Point> full() {
        List<Point> points = new ArrayList<>(
                product(FULL_CLIENTS, List.of(Scenario.SELECT_ONLY, Scenario.TPC_B), List.of(Protocol.values())));
        points.addAll(
                product(FULL_CLIENTS, List.of(Scenario.ROWS_1_KB, Scenario.ROWS_1_MB), List.of(Protocol.EXTENDED)));
        points.addAll(product(FULL_CLIENTS, List.of(Scenario.COPY_OUT, Scenario.COPY_IN), List.of(Protocol.SIMPLE)));
        return points;
    }

    /** All combinations that exist. */
    static List<Point> product(List<Integer> clients, List<Scenario> scenarios, List<Protocol> protocols) {
        List<Point> points = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            for (Protocol protocol : protocols) {
                for (int number : clients) {
                    if (scenario.speaks(protocol) && number <= mostClients(scenario)) {
                        points.add(new Point(number, scenario, protocol));
                    }
                }
            }
        }
        return points;
    }

    private static int mostClients(Scenario scenario) {
        return switch (scenario) {
            case SELECT_ONLY, TPC_B, ROWS_1_KB -> Integer.MAX_VALUE;
            case ROWS_1_MB -> MOST_FOR_LARGE;
            case COPY_OUT, COPY_IN -> MOST_FOR_COPY;
        };
    }

    @Override
    public String toString() {
        return Lines.count(clients) + " × " + scenario + ", "
                + protocol.toString().toLowerCase(Locale.ROOT);
    }
}
