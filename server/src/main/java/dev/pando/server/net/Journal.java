package dev.pando.server.net;

import dev.pando.base.error.ErrorKind;
import dev.pando.base.error.PandoError;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.Tuning;
import dev.pando.core.session.ClientSession;
import dev.pando.core.topology.Shard;
import dev.pando.server.admin.Meter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What the log says of clients, server connections, errors and traffic; docs/logs.md names the fields. Used by all event loops.
 *
 * <p>What can go wrong: a log is read by more people than the data. So nothing a client sent is written but its user, database and
 * application name: of errors about statements the catalogue's own words are, without what fills their places, and PostgreSQL's errors are
 * not at all.
 */
final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final Pattern CODE = Pattern.compile("\\((PD\\d{4})\\)$");
    private static final Map<String, PandoError> CATALOGUE =
            Arrays.stream(PandoError.values()).collect(Collectors.toMap(PandoError::id, Function.identity()));

    private final LiveConfig live;

    Journal(LiveConfig live) {
        this.live = live;
    }

    private Tuning.Logging wanted() {
        return live.now().logging();
    }

    void loggedIn(ClientConnection client) {
        if (wanted().connections()) {
            of(LOG.atInfo(), client)
                    .addKeyValue("application", client.login().application())
                    .addKeyValue("tls", String.valueOf(client.tls()))
                    .log("client logged in");
        }
    }

    /** {@code session}: null when it has not come so far. */
    void left(ClientConnection client, @Nullable ClientSession session, String reason) {
        if (wanted().disconnections() && session != null) {
            of(LOG.atInfo(), client)
                    .addKeyValue("reason", reason)
                    .addKeyValue("seconds", (System.nanoTime() - client.sinceNanos()) / 1_000_000_000)
                    .addKeyValue("messages", session.pulse().messages())
                    .addKeyValue("queries", session.pulse().answers())
                    .addKeyValue("transactions", session.pulse().rests())
                    .log("client left");
        }
    }

    void serverConnected(ServerConnection connection) {
        if (wanted().connections()) {
            of(LOG.atInfo(), connection).log("server connection opened");
        }
    }

    void serverLeft(ServerConnection connection, String reason) {
        if (wanted().disconnections()) {
            of(LOG.atInfo(), connection).addKeyValue("reason", reason).log("server connection closed");
        }
    }

    /** An error was told to a client: logged if it is Pando's own. */
    void told(ClientConnection client, ErrorFields error) {
        if (!wanted().errors()) {
            return;
        }
        Matcher code = CODE.matcher(error.message());
        PandoError known = code.find() ? CATALOGUE.get(code.group(1)) : null;
        if (known != null) {
            boolean quotes = known.kind() == ErrorKind.CLIENT || known.id().startsWith("PD6");
            of(LOG.atWarn(), client)
                    .addKeyValue("code", known.id())
                    .addKeyValue("sqlstate", known.sqlState())
                    .addKeyValue("error", quotes ? known.text().replace("%s", "…") : error.message())
                    .log("client was told an error");
        }
    }

    /** Of a place in the period that is over. */
    void statistics(String database, Shard shard, TrafficSnapshot traffic, double seconds) {
        if (wanted().statistics()) {
            LoggingEventBuilder line = LOG.atInfo()
                    .addKeyValue("database", database)
                    .addKeyValue("shard", shard.name())
                    .addKeyValue("seconds", seconds);
            for (Meter meter : Meter.values()) {
                line = line.addKeyValue(
                        meter.name().toLowerCase(Locale.ROOT), traffic.recent().of(meter));
            }
            line.log("statistics");
        }
    }

    private static LoggingEventBuilder of(LoggingEventBuilder line, ClientConnection client) {
        return line.addKeyValue("client", client.id())
                .addKeyValue("user", client.login().user())
                .addKeyValue("database", client.login().database())
                .addKeyValue("address", client.remote());
    }

    private static LoggingEventBuilder of(LoggingEventBuilder line, ServerConnection connection) {
        return line.addKeyValue("shard", connection.shard().name())
                .addKeyValue("server", connection.shard().primary().toString())
                .addKeyValue("user", connection.user())
                .addKeyValue("pid", connection.processId());
    }
}
