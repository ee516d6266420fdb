package dev.pando.server.net;

import dev.pando.base.auth.BackendLogin;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.base.wire.StartupPacket;
import dev.pando.base.wire.Strings;
import dev.pando.core.topology.Shard;
import dev.pando.server.auth.Identity;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server connection's first steps: startup packet, login, what the server tells of itself, the query that comes first. Owned by its loop. */
final class ServerBeginning {
    private static final Logger LOG = LoggerFactory.getLogger(ServerBeginning.class);
    private static final int PROTOCOL_3_0 = 3 << 16;
    private static final String NO_SUCH_DATABASE = "3D000";
    /** To connect to the database, or to replicate. */
    private static final String NO_PRIVILEGE = "42501";

    /** A startup packet's parameters: wrong values, unknown names, no right to them, those that cannot be set so late. */
    private static final Pattern OF_SETTINGS = Pattern.compile("(22|42)...|55P02");

    private final ServerConnection connection;
    private final Shard shard;
    private final String user;
    private final BackendLogin login;
    private final Map<String, String> startup;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private String query;
    private boolean querying;
    private int processId;
    private byte[] secret = {};

    /** {@code startup} is what the packet says beside user and database; {@code query} is empty for nothing. */
    ServerBeginning(ServerConnection connection, Identity identity, Map<String, String> startup, String query) {
        this.connection = connection;
        this.shard = connection.shard();
        this.user = identity.user();
        this.startup = startup;
        this.query = query;
        this.login = new BackendLogin(
                shard.name(),
                user,
                identity.credential(),
                connection.servers().loop().scramKeys());
    }

    int processId() {
        return processId;
    }

    /** ParameterStatus values the server announced at login. */
    Map<String, String> parameters() {
        return parameters;
    }

    StartupPacket.Cancel cancellation() {
        return new StartupPacket.Cancel(processId, secret);
    }

    /** The socket is there, over TLS if the server has shown a certificate. */
    void start(ChannelHandlerContext context, byte @Nullable [] certificateHash) {
        if (certificateHash != null) {
            login.over(certificateHash);
        }
        Map<String, String> packet = new LinkedHashMap<>();
        packet.put("user", user);
        packet.put("database", connection.servers().database().pooling().dbname());
        packet.putAll(startup);
        ByteBuf out = context.alloc().buffer(128);
        FrontendCodec.encodeStartup(new StartupPacket.Startup(PROTOCOL_3_0, packet), out);
        Sockets.writeAndFlush(context.channel(), out);
    }

    void message(ChannelHandlerContext context, byte type, ByteBuf frame) {
        ByteBuf body = frame.slice(frame.readerIndex() + 5, frame.readableBytes() - 5);
        switch (type) {
            case 'R' -> {
                answer(context, out -> login.authentication(body, out));
                if (login.awaitsKeys()) {
                    stretch(context);
                }
            }
            case 'S' -> parameters.put(Strings.readZeroTerminated(body), Strings.readZeroTerminated(body));
            case 'K' -> {
                processId = body.readInt();
                secret = new byte[body.readableBytes()];
                body.readBytes(secret);
            }
            case 'Z' -> {
                if (!login.done()) {
                    throw new PandoException(
                            PandoError.BACKEND_LOGIN, shard.name(), user, "it is ready before the login is over");
                }
                ready(context);
            }
            case 'E' -> failed(context, ErrorFields.decode(body));
            case 'N', 'v' -> {
                // notices and protocol negotiation are not for us
            }
            default -> {
                if (!querying) {
                    throw new PandoException(
                            PandoError.BACKEND_PROTOCOL, shard.name(), "message '" + (char) type + "' during login");
                }
            }
        }
    }

    private void failed(ChannelHandlerContext context, ErrorFields error) {
        if (querying) {
            LOG.warn(
                    "connect_query of database {}: {}",
                    connection.servers().database().name(),
                    error.message());
        } else {
            connection.fail(context, refused(error));
        }
    }

    private PandoException refused(ErrorFields error) {
        if (error.sqlState().equals(NO_SUCH_DATABASE)) {
            return new PandoException(
                    PandoError.NO_SUCH_DATABASE,
                    connection.servers().database().pooling().dbname());
        }
        if (!startup.equals(ServerConnection.POOLED)
                && OF_SETTINGS.matcher(error.sqlState()).matches()) {
            return PandoException.quoting(
                    error.fields(),
                    PandoError.SETTING_REFUSED,
                    "startup parameters",
                    startup.keySet(),
                    error.message());
        }
        return error.sqlState().equals(NO_PRIVILEGE) || error.sqlState().startsWith("28")
                ? new PandoException(PandoError.BACKEND_LOGIN, shard.name(), user, error.message())
                : new PandoException(PandoError.SHARD_UNAVAILABLE, shard.name(), shard.primary(), error.message());
    }

    /** For the query that comes first, if there is one and it has not been asked yet, else for sessions. */
    private void ready(ChannelHandlerContext context) {
        if (query.isEmpty()) {
            connection.loggedIn();
            return;
        }
        ByteBuf out = context.alloc().buffer(64 + query.length());
        FrontendCodec.encode(new FrontendMessage.Query(query.getBytes(StandardCharsets.UTF_8)), out);
        query = "";
        querying = true;
        Sockets.writeAndFlush(context.channel(), out);
    }

    /** Sends what {@code login} has to say, if anything. */
    private static void answer(ChannelHandlerContext context, Consumer<ByteBuf> login) {
        ByteBuf out = context.alloc().buffer(256);
        try {
            login.accept(out);
        } catch (PandoException refusal) {
            out.release();
            throw refusal;
        }
        if (out.isReadable()) {
            Sockets.writeAndFlush(context.channel(), out);
        } else {
            out.release();
        }
    }

    /** Some thousand hashes, for which the loop's other clients need not wait. */
    private void stretch(ChannelHandlerContext context) {
        Thread.ofVirtual().name("pando-scram").start(() -> {
            PandoException refusal = derived();
            context.executor().execute(() -> {
                try {
                    if (refusal != null) {
                        throw refusal;
                    }
                    if (!connection.isOver()) {
                        answer(context, login::answer);
                    }
                } catch (PandoException e) {
                    connection.fail(context, e);
                }
            });
        });
    }

    private @Nullable PandoException derived() {
        try {
            login.deriveKeys();
            return null;
        } catch (RuntimeException e) {
            return PandoException.causedBy(e, PandoError.BACKEND_LOGIN, shard.name(), user, "its salt: " + e);
        }
    }
}
