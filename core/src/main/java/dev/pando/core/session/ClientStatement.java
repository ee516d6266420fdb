package dev.pando.core.session;

import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.link.Replies;
import dev.pando.core.link.SharedStatements;
import dev.pando.core.route.Planned;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement the client has prepared. Its identity stands for it on a server's unnamed statement. */
final class ClientStatement {
    /** What a plan was made for: when either changes, the statement has to be planned anew. */
    record Origin(long epoch, List<String> searchPath) {}

    /** What a plan was made for, and the schema for which servers prepare it. */
    record Birth(Origin origin, long schema) {}

    private final FrontendMessage.Parse parse;
    private final Planned planned;
    private final Birth birth;
    private final Settings settings;
    private final int parameters;
    private String readBy = "";
    private String serverName = "";
    private int[] inferred;
    private @Nullable ResultColumns columns;
    private byte @Nullable [] command;

    ClientStatement(FrontendMessage.Parse parse, Planned planned, Birth birth, Settings settings) {
        this.parse = parse;
        this.inferred = parse.parameterTypes();
        this.planned = planned;
        this.birth = birth;
        this.settings = settings;
        // Parse may name types of more parameters than the text has.
        this.parameters = Math.max(planned.parameters(), parse.parameterTypes().length);
    }

    boolean isUnnamed() {
        return parse.statement().isEmpty();
    }

    /** Whether servers have it as their unnamed statement: a name would be among those that it lists. */
    boolean unnamedThere() {
        return isUnnamed() || planned.plan().traces().showsStatements();
    }

    /** The PREPARE that has made it; null when that was Parse. */
    byte @Nullable [] command() {
        return command;
    }

    ClientStatement madeBy(byte @Nullable [] prepare) {
        command = prepare;
        return this;
    }

    String name() {
        return parse.statement();
    }

    /** What a server's list of prepared statements shows of it. */
    String text() {
        return new String(command == null ? parse.sql() : command, StandardCharsets.UTF_8);
    }

    FrontendMessage.Parse parse() {
        return parse;
    }

    byte[] sql() {
        return parse.sql();
    }

    int[] parameterTypes() {
        return parse.parameterTypes();
    }

    /** How many values Bind has to bring. */
    int parameters() {
        return parameters;
    }

    /** The types that values have, as far as they are known: said in Parse, or by a server that was asked. */
    int[] valueTypes() {
        return inferred;
    }

    /** A server's ParameterDescription, with home's numbers. */
    void inferred(ByteBuf description) {
        ByteBuf body = Replies.body(description);
        int[] types = new int[body.readUnsignedShort()];
        for (int i = 0; i < types.length; i++) {
            types[i] = body.readInt();
        }
        inferred = types;
    }

    /**
     * Its name on servers: shared by all clients that prepared the same text and read it in the same sense; empty for the unnamed one. With
     * the session's settings the name changes, and the server prepares the text anew.
     */
    String serverName() {
        String now = settings.readBy();
        if (!unnamedThere() && (serverName.isEmpty() || !now.equals(readBy))) {
            readBy = now;
            serverName = SharedStatements.name(
                    parse.sql(), parse.parameterTypes(), birth.schema(), origin().searchPath(), now);
        }
        return serverName;
    }

    Planned planned() {
        return planned;
    }

    /** The columns it was described with; null when nobody asked. */
    @Nullable
    ResultColumns columns() {
        return columns;
    }

    void columns(ResultColumns described) {
        columns = described;
    }

    Origin origin() {
        return birth.origin();
    }

    /** Whether its plan was made for these. */
    boolean isOf(long epoch, List<String> searchPath) {
        return origin().epoch() == epoch && origin().searchPath().equals(searchPath);
    }

    /** The schema for which servers prepare it. */
    long schema() {
        return birth.schema();
    }
}
