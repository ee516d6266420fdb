package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.RowDescription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Runs a {@link Program} over a connection and writes down, message by message, what comes back. */
final class Script {
    /** Where a program talks to: Pando in the simulation, or one model server. */
    interface Connection {
        void send(byte[] bytes);

        void hangUp();

        void cancel();
    }

    /**
     * A notification received, and when in the order of all that happens in a world. {@code closing}: the number of the ReadyForQuery that it
     * came right before, none ({@link #IDLE}) when no answer had begun.
     */
    record Heard(long stamp, String channel, String payload, int closing) {}

    private static final int IDLE = -1;

    private final Program program;
    private final LongSupplier clock;
    private final List<Heard> heard = new ArrayList<>();
    /** By ReadyForQuery: when what earned it was sent, and when it came. */
    private final List<Long> sentAt = new ArrayList<>();

    private final List<Ready> readyAt = new ArrayList<>();
    private boolean mustBeReady;
    private @Nullable String misplaced;
    private final Frames frames = new Frames();
    private final List<String> answers = new ArrayList<>();
    private @Nullable Connection connection;
    private int next;
    private int sentReadies;
    private int readies;
    private int awaited;
    private boolean awaitsCopy;
    private boolean left;
    private boolean stayed;
    private boolean hungUp;
    private boolean leavesWhenDone;

    /** When a ReadyForQuery came, whether it told of no transaction, and whether nothing else was awaited then. */
    record Ready(long stamp, boolean idle, boolean last) {}

    Script(Program program, LongSupplier clock) {
        this.program = program;
        this.clock = clock;
    }

    Program program() {
        return program;
    }

    /** Messages received, each as one line of text. */
    List<String> answers() {
        return answers;
    }

    void start(Connection to) {
        connection = to;
        goOn();
    }

    /** It does not stay connected after its last answer. */
    void leavesWhenDone() {
        leavesWhenDone = true;
    }

    private void goOn() {
        Connection to = connection;
        while (to != null
                && !left
                && awaited <= readies
                && !awaitsCopy
                && next < program.steps().size()) {
            Program.Step step = program.steps().get(next);
            if (step.copy() && readies < sentReadies) {
                return;
            }
            next++;
            awaitsCopy = step.copy();
            for (int i = 0; i < step.earned(); i++) {
                sentAt.add(clock.getAsLong());
            }
            sentReadies += step.earned();
            awaited = step.waits() && !step.copy() ? sentReadies : awaited;
            to.send(step.bytes());
        }
    }

    /** The client leaves in the middle of whatever it does. */
    void leave() {
        if (!left && connection != null) {
            left = true;
            connection.hangUp();
        }
    }

    /** Nothing happens any more. */
    void end() {
        stayed = !left && !hungUp;
        leave();
    }

    /** Whether it was connected to the end. */
    boolean stayed() {
        return stayed;
    }

    void cancel() {
        if (!left && !complete() && connection != null) {
            connection.cancel();
        }
    }

    boolean left() {
        return left;
    }

    /** The other side hung up. */
    void hungUp() {
        hungUp = true;
    }

    boolean wasHungUpOn() {
        return hungUp;
    }

    boolean complete() {
        return next == program.steps().size() && readies == program.readies();
    }

    /** Whether what is missing are queries that a batch discarded after an error by a fault. */
    boolean discarded() {
        return next > 0
                && awaited - readies <= program.steps().get(next - 1).discardable()
                && answers.stream().anyMatch(Simulation::fromFault)
                && answers.getLast().startsWith("Z");
    }

    /** Whether anything that could end this segment was sent. */
    boolean mayHaveSent(int segment) {
        return sentReadies > segment;
    }

    int readies() {
        return readies;
    }

    String waitingFor() {
        return "step " + next + " of " + program.steps().size() + " ("
                + (next == 0 ? "none" : program.steps().get(next - 1).label()) + "), " + readies + " of "
                + program.readies() + " ReadyForQuery";
    }

    void receive(byte[] bytes) {
        for (byte[] frame : frames.add(bytes)) {
            if (frame[0] == 'A') {
                notified(frame);
                continue;
            }
            String line = text(frame);
            if (mustBeReady && frame[0] != 'S') {
                mustBeReady = false;
                if (!line.equals("Z I")) {
                    misplaced = "a notification before " + line + ", after "
                            + answers.subList(Math.max(0, answers.size() - 5), answers.size());
                }
            }
            answers.add(line);
            if (frame[0] == 'Z') {
                readies++;
                readyAt.add(new Ready(clock.getAsLong(), line.equals("Z I"), readies == sentReadies));
                if (awaitsCopy) {
                    awaitsCopy = false;
                    next++;
                }
            } else if (frame[0] == 'G') {
                awaitsCopy = false;
            }
        }
        goOn();
        if (leavesWhenDone && complete()) {
            leave();
        }
    }

    /** Between transactions: after a ReadyForQuery that says so, or right before one. */
    private void notified(byte[] frame) {
        Notification notification = Notification.decode(Unpooled.wrappedBuffer(frame));
        boolean answering = !answers.isEmpty() && !answers.getLast().equals("Z I");
        heard.add(new Heard(
                clock.getAsLong(), notification.channel(), notification.payload(), answering ? readies : IDLE));
        mustBeReady |= answering;
    }

    List<Heard> heard() {
        return heard;
    }

    /** What makes a notification's place in the stream wrong; null when all are right. */
    @Nullable
    String misplaced() {
        return misplaced;
    }

    /** When what the {@code segment}-th ReadyForQuery ends was sent; never when it was not. */
    long sentAt(int segment) {
        return segment < sentAt.size() ? sentAt.get(segment) : Long.MAX_VALUE;
    }

    List<Ready> readyAt() {
        return readyAt;
    }

    /** The answer up to and including the {@code segment}-th ReadyForQuery, as far as it came. */
    List<String> answer(int segment) {
        int seen = 0;
        List<String> part = new ArrayList<>();
        for (String line : answers) {
            if (seen == segment) {
                part.add(line);
            }
            seen += line.startsWith("Z") ? 1 : 0;
        }
        return part;
    }

    private static String text(byte[] frame) {
        ByteBuf body = Unpooled.wrappedBuffer(frame, 5, frame.length - 5);
        char type = (char) frame[0];
        return switch (type) {
            case 'C' -> "C " + body.toString(0, body.readableBytes() - 1, StandardCharsets.UTF_8);
            case 'E' -> error(ErrorFields.decode(body));
            case 'N' -> "N " + ErrorFields.decode(body).sqlState();
            case 'Z' -> "Z " + (char) body.readByte();
            case 'd' -> "d " + body.toString(StandardCharsets.UTF_8).strip();
            case 'T' ->
                "T "
                        + RowDescription.decode(body, "the endpoint").fields().stream()
                                .map(field -> field.name() + " " + field.typeOid() + " " + field.format())
                                .toList();
            case 't' -> parameterTypes(body);
            case 'D' -> row(body);
            default -> String.valueOf(type);
        };
    }

    private static String error(ErrorFields error) {
        return "E " + error.sqlState() + " " + error.message();
    }

    private static String parameterTypes(ByteBuf body) {
        StringBuilder text = new StringBuilder("t");
        for (int count = body.readShort(); count > 0; count--) {
            text.append(' ').append(body.readInt());
        }
        return text.toString();
    }

    private static String row(ByteBuf body) {
        List<String> values = new ArrayList<>();
        for (int count = body.readShort(); count > 0; count--) {
            int length = body.readInt();
            values.add(
                    length < 0
                            ? "NULL"
                            : body.readCharSequence(length, StandardCharsets.UTF_8)
                                    .toString());
        }
        return "D " + String.join("|", values);
    }
}
