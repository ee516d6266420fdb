package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.EncodingName;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.StartupPacket;
import dev.pando.base.wire.Strings;
import dev.pando.base.wire.Violation;
import dev.pando.core.link.ServerLink;
import dev.pando.core.pool.PoolMode;
import dev.pando.core.session.PassThrough;
import dev.pando.core.session.Session;
import dev.pando.core.session.SessionPort;
import dev.pando.core.topology.ShardId;
import dev.pando.server.auth.Authentication;
import dev.pando.server.auth.Identity;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client's first steps: startup packet, {@link Authentication}, the parameters it is told. Owned by the connection's event loop. */
final class ClientLogin {
    static final String ADMIN_DATABASE = "pando";
    private static final String PGBOUNCER = "pgbouncer";
    private static final String APPLICATION = "application_name";
    private static final Set<String> ROUTING = Set.of("user", "database");
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

    private static final int NAME_BYTES = 63;

    private enum Step {
        STARTUP,
        PROOF,
        DONE
    }

    private final Endpoint endpoint;
    private final ClientConnection client;
    private final LoginChannel channel;
    private Step step = Step.STARTUP;
    private boolean askedTls;
    private boolean askedGss;
    private String user = "";
    private String database = "";
    private Map<String, String> settings = Map.of();
    private String application = "";
    private Replication replication = Replication.NONE;
    /** What the startup packet says beside user, database and the protocol, for a server connection that is this client's alone. */
    private Map<String, String> asGiven = Map.of();
    /** Settings that are not the client's wish but Pando's: in session mode RESET undoes them. */
    private Map<String, String> added = Map.of();

    private @Nullable Authentication authentication;

    ClientLogin(Endpoint endpoint, ClientConnection client) {
        this.endpoint = endpoint;
        this.client = client;
        this.channel = new LoginChannel(client);
    }

    /** The socket is closed. */
    void over() {
        channel.over();
    }

    String user() {
        return user;
    }

    String database() {
        return database;
    }

    Replication replication() {
        return replication;
    }

    String application() {
        return application;
    }

    void message(ByteBuf frame) {
        if (step == Step.STARTUP && frame.getByte(frame.readerIndex()) == FrameDecoder.TLS_HANDSHAKE) {
            client.tlsLayer().atOnce(frame.retain());
            return;
        }
        if (step == Step.STARTUP) {
            int major = frame.skipBytes(4).getUnsignedShort(frame.readerIndex());
            try {
                startup(FrontendCodec.decodeStartup(frame));
            } catch (PandoException refusal) {
                if (refusal.error() != PandoError.UNSUPPORTED_PROTOCOL || major > 2) {
                    throw refusal;
                }
                tooOld(refusal);
            }
            return;
        }
        byte type = frame.readByte();
        frame.skipBytes(4);
        Authentication asks = Objects.requireNonNull(authentication);
        if (type != 'p') {
            throw Violation.of("expected " + asks.awaited() + " response, got message type " + (type & 0xff));
        } else if (step == Step.PROOF) {
            asks.message(frame);
        }
    }

    /** Clients of protocol 2 understand errors of another form, without length and fields. */
    private void tooOld(PandoException reason) {
        ByteBuf out = client.buffer().writeByte('E');
        Strings.writeZeroTerminated(
                out, "FATAL:  " + ErrorFields.of(reason, true).message() + "\n");
        client.write(out);
        client.close();
    }

    private void startup(StartupPacket packet) {
        switch (packet) {
            case StartupPacket.SslRequest ssl -> {
                refuseAgain(askedTls, "1234.5679");
                askedTls = true;
                client.tlsLayer().onRequest();
            }
            case StartupPacket.GssRequest gss -> {
                refuseAgain(askedGss, "1234.5680");
                askedGss = true;
                refuseGss();
            }
            case StartupPacket.Cancel cancel -> {
                // Who waits for the end of this connection knows that a statement sent thereafter is not hit.
                endpoint.cancel(
                        client.servers().loop(),
                        cancel.processId(),
                        cancel.secret(),
                        () -> client.servers().loop().execute(client::close));
            }
            case StartupPacket.Startup startup -> start(startup);
        }
    }

    /** PostgreSQL takes a second request for a startup packet, of a strange version. */
    private static void refuseAgain(boolean asked, String version) {
        if (asked) {
            String words = "unsupported frontend protocol " + version + ": server supports 3.0 to 3.2";
            throw Violation.of(PandoError.UNSUPPORTED_PROTOCOL, PandoError.UNSUPPORTED_PROTOCOL.sqlState(), words);
        }
    }

    private void refuseGss() {
        client.write(client.buffer().writeByte('N'));
        client.flushClient();
    }

    private void start(StartupPacket.Startup startup) {
        client.startupOver();
        Map<String, String> parameters = startup.parameters();
        user = cut(parameters.getOrDefault("user", ""));
        String named = cut(parameters.getOrDefault("database", ""));
        database = meant(named.isEmpty() ? user : named);
        if (user.isEmpty()) {
            throw Violation.of(
                    PandoError.PROTOCOL_VIOLATION, "28000", "no PostgreSQL user name specified in startup packet");
        }
        replication = Replication.of(parameters.get("replication"));
        if (replication != Replication.NONE && database.equals(ADMIN_DATABASE)) {
            // Rules for replication speak of a server's log, not of the admin database.
            throw new PandoException(
                    PandoError.REPLICATION_REFUSED, "\"" + ADMIN_DATABASE + "\" is the admin database");
        }
        if (endpoint.encryption().demanded() && !client.encrypted()) {
            throw new PandoException(PandoError.TLS_REQUIRED, user);
        }
        negotiate(startup);
        settings = startupSettings(parameters);
        if (endpoint.config().clients().applicationNameAddHost()) {
            String said = settings.getOrDefault(APPLICATION, "app");
            added = Map.of(APPLICATION, said + " - " + client.remote());
            settings.putAll(added);
        }
        application = settings.getOrDefault(APPLICATION, "");
        asGiven = new LinkedHashMap<>(parameters);
        asGiven.keySet().removeIf(name -> ROUTING.contains(name) || name.startsWith("_pq_."));
        if (replication == Replication.NONE) {
            asGiven.remove("replication");
        }
        step = Step.PROOF;
        Authentication.Wanted wanted = new Authentication.Wanted(user, database, replication == Replication.PHYSICAL);
        Authentication begun = new Authentication(endpoint.authenticator(), channel, wanted, this::accepted);
        authentication = begun;
        begun.begin();
    }

    /** What PgBouncer's tools connect to, such as its exporter, is our admin database, unless there is a database of that name. */
    private String meant(String name) {
        return name.equals(PGBOUNCER) && !endpoint.databases().isNamed(PGBOUNCER) ? ADMIN_DATABASE : name;
    }

    /** Names are no longer than those PostgreSQL keeps; it cuts what a client says, and the rules have to see what the server will. */
    private static String cut(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= NAME_BYTES) {
            return name;
        }
        int end = NAME_BYTES;
        while ((bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
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
        return settings;
    }

    /** What is read by Pando must be in UTF-8; what only passes may be in anything. */
    private void requireUnderstood() {
        String encoding = settings.remove("client_encoding");
        if (encoding != null
                && !EncodingName.utf8(encoding)
                && !EncodingName.clean(encoding).equals("sqlascii")) {
            throw new PandoException(
                    PandoError.SETTING_REFUSED, "client_encoding", encoding, "statements are read as UTF-8");
        }
    }

    private void accepted(Identity identity) {
        client.admitted(database.equals(ADMIN_DATABASE));
        step = Step.DONE;
        if (database.equals(ADMIN_DATABASE)) {
            welcome(ADMIN_PARAMETERS);
            told("server_version", endpoint.serverVersion());
            client.beginAdmin();
            client.ready((byte) 'I');
        } else if (client.isOpen()) {
            Database entered = endpoint.databases().entered(replication.database(database, endpoint.databases()));
            client.entered(entered);
            if (replication == Replication.NONE) {
                enter(entered, identity);
            } else {
                replicate(entered, identity);
            }
        }
    }

    private void told(String name, String value) {
        ByteBuf out = client.buffer();
        BackendMessages.parameterStatus(out, name, value);
        client.write(out);
    }

    private void enter(Database entered, Identity identity) {
        PoolMode mode = mode(entered, identity);
        if (mode == PoolMode.SESSION && entered.topology().size() == 1) {
            pass(entered, identity);
            return;
        }
        requireUnderstood();
        SocketSessionPort begun = port(entered, identity, ServerConnection.POOLED);
        client.begin(begun, new Session(begun, endpoint.sessionLimits(), mode, identity.user(), settings));
        learned(entered, ServerConnection.POOLED, parameters -> tried(entered, parameters));
    }

    /** In session mode: servers hear the startup parameters as the client gave them, so that they are what RESET falls back to. */
    private void pass(Database entered, Identity identity) {
        SocketSessionPort begun = port(entered, identity, Map.copyOf(asGiven));
        String query = entered.pooling().connectQuery();
        client.begin(begun, new PassThrough(begun, added, query.isEmpty() ? List.of() : List.of(query)));
        learned(entered, Map.copyOf(asGiven), parameters -> {
            Map<String, String> told = new LinkedHashMap<>(parameters);
            told.putAll(added);
            finish(entered, told);
        });
    }

    private SocketSessionPort port(Database entered, Identity identity, Map<String, String> startup) {
        return new SocketSessionPort(endpoint, client, client.servers().of(entered), identity, startup);
    }

    /** The first client with these startup parameters asks home what parameters are then; the others are told the same. */
    private void learned(Database entered, Map<String, String> startup, Consumer<Map<String, String>> then) {
        Map<String, String> known =
                entered.parameters().of(new DatabaseServers.Login(entered.serverUser(user), startup));
        if (known != null) {
            then.accept(known);
            return;
        }
        SocketSessionPort port = Objects.requireNonNull(client.port());
        client.reading(false);
        port.lease(ShardId.HOME, new SessionPort.Tenant() {
            @Override
            public void granted(ServerLink link) {
                Map<String, String> learned =
                        client.servers().of(entered).connectionOf(link).parameters();
                port.release(link, true);
                client.reading(true);
                then.accept(learned);
            }

            @Override
            public void refused(PandoException reason) {
                ClientLogin.this.refused(reason);
            }
        });
    }

    /** As from PostgreSQL, which looks at startup parameters when it knows who it is. */
    private void refused(PandoException reason) {
        if (!reason.quoted().isEmpty()) {
            ByteBuf out = client.buffer();
            BackendMessages.authenticationOk(out);
            client.write(out);
        }
        client.fatal(reason);
    }

    private PoolMode mode(Database entered, Identity identity) {
        return entered.mode(endpoint.config().users().stream()
                .filter(known -> known.name().equals(identity.user()))
                .findFirst()
                .orElse(null));
    }

    /** The client gets a server connection of its own, which is told what the client said, and hears what the server says. */
    private void replicate(Database entered, Identity identity) {
        int shards = entered.topology().size();
        if (shards > 1) {
            throw new PandoException(
                    PandoError.REPLICATION_REFUSED, "database \"" + entered.name() + "\" has " + shards + " shards");
        }
        client.reading(false);
        DatabaseServers servers = client.servers().of(entered);
        OwnConnection own = new OwnConnection(servers, connection -> begin(connection, identity), this::refused);
        servers.connectApart(identity, asGiven, own);
    }

    private void begin(ServerConnection own, Identity identity) {
        if (!client.isOpen()) {
            own.release(false);
            return;
        }
        SocketSessionPort begun = new SocketSessionPort(endpoint, client, own.servers(), identity, asGiven);
        begun.adopt(own);
        client.begin(begun, PassThrough.on(own.link(), begun));
        client.reading(true);
        welcome(own.parameters());
        client.ready((byte) 'I');
    }

    /** Settings that nobody has logged in with are tried on home first: one that is wrong fails the login, as on PostgreSQL. */
    private void tried(Database entered, Map<String, String> serverParameters) {
        Map<String, String> told = new LinkedHashMap<>(serverParameters);
        Map<String, String> doubtful = new LinkedHashMap<>(settings);
        String named = doubtful.get(APPLICATION);
        if (named == null || ServerParameters.plain(named)) {
            // Every name is right, and there are too many of them to remember.
            doubtful.remove(APPLICATION);
            told.put(APPLICATION, named == null ? serverParameters.getOrDefault(APPLICATION, "") : named);
        }
        String serverUser = entered.serverUser(user);
        Map<String, String> known = entered.parameters().shown(serverUser, doubtful);
        if (known != null) {
            told.putAll(known);
            finish(entered, told);
            return;
        }
        List<String> names = serverParameters.keySet().stream()
                .filter(name -> doubtful.keySet().stream().anyMatch(name::equalsIgnoreCase))
                .toList();
        client.enter(names, values -> {
            entered.parameters().learn(serverUser, doubtful, values);
            told.putAll(values);
            finish(entered, told);
        });
    }

    private void finish(Database entered, Map<String, String> told) {
        Map<String, String> shared = entered.parameters().shared(told);
        client.told(shared);
        welcome(shared);
        client.ready((byte) 'I');
        forget();
    }

    /** An idle client should not hold what only its login needed. */
    private void forget() {
        authentication = null;
        settings = Map.of();
        asGiven = Map.of();
        added = Map.of();
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
