package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.EncodingName;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.StartupPacket;
import dev.pando.core.topology.ShardId;
import dev.pando.server.auth.Authentication;
import dev.pando.server.auth.Identity;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client's first steps: startup packet, {@link Authentication}, the parameters it is told. Owned by the connection's event loop. */
final class ClientLogin {
    static final String ADMIN_DATABASE = "pando";
    private static final Set<String> NOT_SETTINGS = Set.of("user", "database", "options", "replication");

    /** What drivers look at before their first statement. */
    private static final Map<String, String> ADMIN_PARAMETERS = Map.of(
            "client_encoding", "UTF8",
            "server_encoding", "UTF8",
            "standard_conforming_strings", "on",
            "integer_datetimes", "on",
            "DateStyle", "ISO, MDY",
            "TimeZone", "UTC");

    /** 3.2, from which on keys for cancelling are long. */
    private static final int NEWEST_PROTOCOL = (3 << 16) + 2;

    private enum Step {
        STARTUP,
        PROOF,
        DONE
    }

    private final Endpoint endpoint;
    private final ClientConnection client;
    private Step step = Step.STARTUP;
    private String user = "";
    private String database = "";
    private Map<String, String> settings = Map.of();
    private @Nullable Authentication authentication;

    ClientLogin(Endpoint endpoint, ClientConnection client) {
        this.endpoint = endpoint;
        this.client = client;
    }

    String user() {
        return user;
    }

    String database() {
        return database;
    }

    String application() {
        return settings.getOrDefault("application_name", "");
    }

    void message(ByteBuf frame) {
        if (step == Step.STARTUP && frame.getByte(frame.readerIndex()) == FrameDecoder.TLS_HANDSHAKE) {
            client.encryptAtOnce(frame.retain());
            return;
        }
        if (step == Step.STARTUP) {
            startup(FrontendCodec.decodeStartup(frame.skipBytes(4)));
            return;
        }
        byte type = frame.readByte();
        frame.skipBytes(4);
        if (type == 'X') {
            client.close();
        } else if (type != 'p') {
            throw new PandoException(PandoError.PROTOCOL_VIOLATION, "message '" + (char) type + "' during login");
        } else if (step == Step.PROOF) {
            Objects.requireNonNull(authentication).message(frame);
        }
    }

    private void startup(StartupPacket packet) {
        switch (packet) {
            case StartupPacket.SslRequest ssl -> client.encryptOnRequest();
            case StartupPacket.GssRequest gss -> refuseGss();
            case StartupPacket.Cancel cancel -> {
                // Who waits for the end of this connection knows that a statement sent thereafter is not hit.
                endpoint.cancel(
                        cancel.processId(),
                        cancel.secret(),
                        () -> client.servers().loop().execute(client::close));
            }
            case StartupPacket.Startup startup -> start(startup);
        }
    }

    private void refuseGss() {
        client.write(client.buffer().writeByte('N'));
        client.flushClient();
    }

    private void start(StartupPacket.Startup startup) {
        client.startupOver();
        Map<String, String> parameters = startup.parameters();
        user = parameters.getOrDefault("user", "");
        String named = parameters.getOrDefault("database", "");
        database = named.isEmpty() ? user : named;
        if (user.isEmpty()) {
            throw new PandoException(PandoError.PROTOCOL_VIOLATION, "startup packet without a user");
        }
        if (parameters.containsKey("replication") && !isFalse(parameters.get("replication"))) {
            throw new PandoException(PandoError.SETTING_REFUSED, "replication", "on", "it needs one server's own log");
        }
        if (endpoint.encryption().demanded() && !client.encrypted()) {
            throw new PandoException(PandoError.TLS_REQUIRED, user);
        }
        negotiate(startup);
        settings = startupSettings(parameters);
        if (endpoint.config().clients().applicationNameAddHost()) {
            String application = settings.getOrDefault("application_name", "app");
            settings.put("application_name", application + " - " + client.peer());
        }
        step = Step.PROOF;
        Authentication begun = new Authentication(endpoint.authenticator(), client, user, this::accepted);
        authentication = begun;
        begun.begin();
    }

    private void negotiate(StartupPacket.Startup startup) {
        List<String> unknown = startup.parameters().keySet().stream()
                .filter(name -> name.startsWith("_pq_."))
                .toList();
        int spoken = Math.min(startup.protocol(), NEWEST_PROTOCOL);
        if (spoken == NEWEST_PROTOCOL) {
            client.lengthenSecret();
        }
        if (startup.protocol() > NEWEST_PROTOCOL || !unknown.isEmpty()) {
            ByteBuf out = client.buffer();
            BackendMessages.negotiateProtocolVersion(out, spoken, unknown);
            client.write(out);
        }
    }

    private static Map<String, String> startupSettings(Map<String, String> parameters) {
        Map<String, String> settings = new LinkedHashMap<>();
        parameters.forEach((name, value) -> {
            if (!NOT_SETTINGS.contains(name) && !name.startsWith("_pq_.")) {
                settings.put(name, value);
            }
        });
        StartupOptions.parse(parameters.getOrDefault("options", "")).forEach(settings::put);
        String encoding = settings.remove("client_encoding");
        if (encoding != null
                && !EncodingName.utf8(encoding)
                && !EncodingName.clean(encoding).equals("sqlascii")) {
            throw new PandoException(
                    PandoError.SETTING_REFUSED, "client_encoding", encoding, "statements are read as UTF-8");
        }
        return settings;
    }

    private static boolean isFalse(@Nullable String value) {
        return value == null || Set.of("false", "off", "no", "0").contains(value.toLowerCase(Locale.ROOT));
    }

    private void accepted(Identity identity) {
        client.admitted(database.equals(ADMIN_DATABASE));
        step = Step.DONE;
        if (database.equals(ADMIN_DATABASE)) {
            welcome(ADMIN_PARAMETERS);
            told("server_version", endpoint.serverVersion());
            client.beginAdmin();
            client.ready((byte) 'I');
        } else {
            enter(endpoint.databases().entered(database), identity);
        }
    }

    private void told(String name, String value) {
        ByteBuf out = client.buffer();
        BackendMessages.parameterStatus(out, name, value);
        client.write(out);
    }

    /** A user's first client asks home what its parameters are; the others are told the same. */
    private void enter(Database entered, Identity identity) {
        client.begin(entered, identity, settings);
        Map<String, String> known = entered.parameters().of(entered.serverUser(user));
        if (known != null) {
            finish(known);
            return;
        }
        SocketSessionPort port = Objects.requireNonNull(client.port());
        client.reading(false);
        port.lease(
                ShardId.HOME,
                link -> {
                    Map<String, String> learned =
                            client.servers().of(entered).connectionOf(link).parameters();
                    port.release(link, true);
                    client.reading(true);
                    finish(learned);
                },
                client::fatal);
    }

    private void finish(Map<String, String> serverParameters) {
        Map<String, String> told = new LinkedHashMap<>(serverParameters);
        settings.forEach((name, value) -> {
            for (String reported : serverParameters.keySet()) {
                if (reported.equalsIgnoreCase(name)) {
                    told.put(reported, shown(reported, value));
                }
            }
        });
        told.put("session_authorization", user);
        told.put("is_superuser", "off");
        client.told(told);
        welcome(told);
        client.ready((byte) 'I');
    }

    /** PostgreSQL reports DateStyle with both its parts. */
    private static String shown(String name, String value) {
        return name.equals("DateStyle") && value.equalsIgnoreCase("ISO") ? "ISO, MDY" : value;
    }

    private void welcome(Map<String, String> parameters) {
        ByteBuf out = client.buffer();
        BackendMessages.authenticationOk(out);
        List<String> names = new ArrayList<>(parameters.keySet());
        names.forEach(name -> BackendMessages.parameterStatus(out, name, parameters.getOrDefault(name, "")));
        BackendMessages.backendKeyData(out, client.id(), client.secret());
        client.write(out);
    }
}
