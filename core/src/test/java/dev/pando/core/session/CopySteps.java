package dev.pando.core.session;

import java.util.Arrays;
import java.util.List;

/** The ways in which clients send a COPY FROM STDIN: in either protocol, and with or without waiting for its answer. */
final class CopySteps {
    private CopySteps() {}

    static void add(Program.Builder program, int way, String sql, Messages data) {
        Messages command = new Messages();
        switch (way) {
            case 0 -> program.copy(sql, command.query(sql).bytes(), data.bytes());
            case 1 -> {
                byte[] both = concat(command.query(sql).bytes(), data.bytes());
                program.step(sql + ", data at once", both, 1, true);
            }
            case 2 -> {
                command.parse("", sql).bind("", "", List.of()).execute("", 0).sync();
                program.copy(command.label(), command.bytes(), data.sync().bytes());
            }
            default -> {
                command.parse("", sql).bind("", "", List.of()).execute("", 0);
                byte[] both = concat(command.bytes(), data.sync().bytes());
                program.step(command.label() + ", data at once", both, 1, true);
            }
        }
    }

    private static byte[] concat(byte[] one, byte[] two) {
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        return both;
    }
}
