package dev.pando.core.session;

import java.util.ArrayList;
import java.util.List;

/** Steps of a program that listen and notify. All clients share the channels; each notification is unlike any other. */
final class ChannelSteps {
    static final List<String> CHANNELS = List.of("c1", "c2", "c3");

    /** With so many of so long notifications a client that does not read is over its limit. */
    private static final int FLOOD = 84;

    private static final int LONG = 7_000;

    private final Program.Builder program;
    private final Chance chance;
    private final int client;
    private List<Program.Channel> changes = new ArrayList<>();
    private List<String> payloads = new ArrayList<>();
    private int notes;
    private int savepoints;

    ChannelSteps(Program.Builder program, Chance chance, int client) {
        this.program = program;
        this.chance = chance;
        this.client = client;
    }

    void add() {
        switch (chance.between(0, 8)) {
            case 0, 1 -> alone(listen());
            case 2 -> alone(unlisten());
            case 3, 4 -> alone(notification());
            case 5 -> alone("SELECT pg_listening_channels()");
            case 6 -> several();
            default -> transaction();
        }
    }

    /** LISTEN, as the first step. */
    void listenFirst() {
        alone(listenTo("c1"));
    }

    /** More than may wait for a client. */
    void flood() {
        for (int i = 0; i < FLOOD; i += 12) {
            List<String> parts = new ArrayList<>();
            for (int part = 0; part < 12; part++) {
                parts.add(notification("c1", "x".repeat(LONG)));
            }
            seal(program.segment());
            query(String.join("; ", parts));
        }
    }

    /** A statement that makes PREPARE TRANSACTION impossible; it comes to nothing. */
    static String unpreparable(Chance chance) {
        return chance.of("LISTEN c1", "UNLISTEN *", "NOTIFY c1, 'never'");
    }

    private String channel() {
        return chance.pick(CHANNELS);
    }

    private String listen() {
        return listenTo(channel());
    }

    private String listenTo(String channel) {
        changes.add(new Program.Channel(true, channel));
        return "LISTEN " + channel;
    }

    private String unlisten() {
        String channel = chance.oneIn(3) ? "*" : channel();
        changes.add(new Program.Channel(false, channel));
        return "UNLISTEN " + channel;
    }

    private String notification() {
        return notification(channel(), "");
    }

    private String notification(String channel, String filling) {
        String payload = "n" + client + "_" + ++notes + filling;
        payloads.add(payload);
        return "NOTIFY " + channel + ", '" + payload + "'";
    }

    /** What was said so far counts when the segment that comes next is answered well. */
    private void seal(int from) {
        if (!changes.isEmpty()) {
            program.channels(changes, from, program.segment());
        }
        if (!payloads.isEmpty()) {
            program.notes(payloads, program.segment());
        }
        changes = new ArrayList<>();
        payloads = new ArrayList<>();
    }

    private void query(String sql) {
        Messages messages = new Messages().query(sql);
        program.step(messages.label(), messages.bytes(), 1, !chance.oneIn(4));
    }

    private void run(String sql) {
        if (chance.oneIn(2)) {
            query(sql);
            return;
        }
        Messages messages = new Messages();
        messages.parse("", sql).bind("", "", List.of()).execute("", 0).sync();
        program.step(messages.label(), messages.bytes(), 1, !chance.oneIn(4));
    }

    private void alone(String sql) {
        seal(program.segment());
        run(sql);
    }

    private String something() {
        return switch (chance.between(0, 6)) {
            case 0, 1 -> listen();
            case 2 -> unlisten();
            case 3 -> chance.oneIn(3) ? "SELECT 1/0" : "SELECT pg_sleep(1)";
            default -> notification();
        };
    }

    private void several() {
        List<String> parts = new ArrayList<>();
        for (int i = chance.between(2, 4); i > 0; i--) {
            parts.add(something());
        }
        seal(program.segment());
        query(String.join("; ", parts));
    }

    private void transaction() {
        int from = program.segment();
        query("BEGIN");
        for (int i = chance.between(1, 4); i > 0; i--) {
            if (chance.oneIn(4)) {
                savepoint();
            } else {
                run(something());
            }
        }
        seal(from);
        run(chance.oneIn(4) ? "ROLLBACK" : "COMMIT");
    }

    private void savepoint() {
        // A name of its own: ROLLBACK TO must not find an older one when this one has failed.
        String name = "c" + ++savepoints;
        query("SAVEPOINT " + name);
        int changed = changes.size();
        int said = payloads.size();
        run(something());
        if (chance.oneIn(2)) {
            changes.subList(changed, changes.size()).clear();
            payloads.subList(said, payloads.size()).clear();
            query("ROLLBACK TO SAVEPOINT " + name);
        } else {
            query("RELEASE SAVEPOINT " + name);
        }
    }
}
