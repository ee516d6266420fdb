package dev.pando.server;

import dev.pando.base.Version;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.route.PlanCache;
import dev.pando.core.route.Plans;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.ParserService;
import dev.pando.server.admin.AdminConsole;
import dev.pando.server.admin.AdminView;
import dev.pando.server.admin.Shutdown;
import dev.pando.server.code.JudgedCatalogs;
import dev.pando.server.control.ControlPlane;
import dev.pando.server.control.FleetConnections;
import dev.pando.server.http.HttpApi;
import dev.pando.server.net.Databases;
import dev.pando.server.net.Endpoint;
import dev.pando.server.net.PlainBackstage;
import dev.pando.server.net.Predecessor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running Pando: the control plane, the plans, the PostgreSQL address and the HTTP API, put together from a configuration. */
public final class PandoServer implements AutoCloseable {
    /** Parsing is rare, so one thread beside the event loops is enough on small machines. */
    private static final int CORES_PER_PARSER = 4;

    private static final Logger LOG = LoggerFactory.getLogger(PandoServer.class);

    private final @Nullable ControlPlane control;
    private final ParserService parser;
    private final Endpoint endpoint;
    private final LiveConfig live;
    private final AdminView view;
    private @Nullable HttpApi http;

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();

    private PandoServer(
            @Nullable ControlPlane control,
            ParserService parser,
            Endpoint endpoint,
            @Nullable HttpApi http,
            LiveConfig live,
            AdminView view) {
        this.live = live;
        this.view = view;
        this.control = control;
        this.parser = parser;
        this.endpoint = endpoint;
        this.http = http;
    }

    /** Starts everything and returns when clients are served; throws what is in the way, having stopped what had started. */
    public static PandoServer start(PandoConfig config) {
        return start(LiveConfig.of(config));
    }

    /** As {@link #start(PandoConfig)}, with a configuration that can be read again. */
    public static PandoServer start(LiveConfig live) {
        return start(live, null);
    }

    /** As {@link #start(LiveConfig)}, in the place of the process before this one, which departs when this one serves clients. */
    public static PandoServer start(LiveConfig live, @Nullable Predecessor predecessor) {
        return start(live, predecessor, new JudgedCatalogs());
    }

    /** As {@link #start(LiveConfig, Predecessor)}, with what there is of the code of plain databases. */
    static PandoServer start(LiveConfig live, @Nullable Predecessor predecessor, JudgedCatalogs catalogs) {
        PandoConfig config = live.now();
        ControlPlane control = control(live, predecessor != null);
        ParserService parser = null;
        Endpoint endpoint = null;
        try {
            parser = parser(config);
            PlanCache cache = new PlanCache(config.limits().planCacheBytes());
            Plans plans = new Plans(parser, cache);
            Databases databases = new Databases(
                    config,
                    control == null ? null : new ShardedBackstage(control, plans),
                    name -> new PlainBackstage(name, plans, catalogs));
            LiveView view = new LiveView(live, control, cache, databases);
            AdminConsole console = new AdminConsole(view, view, Version.number());
            endpoint = new Endpoint(live, databases, console, predecessor);
            if (control != null) {
                control.beside(endpoint.succession()::beside);
            }
            view.serving(endpoint);
            HttpApi http = predecessor == null ? first(config, endpoint, view) : next(config, endpoint, view);
            PandoServer server = new PandoServer(control, parser, endpoint, http, live, view);
            endpoint.succession().onDeparture(server::closeHttp);
            endpoint.succession().onReturn(server::openHttp);
            server.closeAfter(endpoint.over());
            return server;
        } catch (RuntimeException e) {
            if (endpoint != null) {
                endpoint.close();
            }
            if (parser != null) {
                parser.close();
            }
            if (control != null) {
                control.close();
            }
            throw e;
        }
    }

    private static @Nullable HttpApi first(PandoConfig config, Endpoint endpoint, AdminView view) {
        String socket = config.listen().restart().socket();
        if (socket != null) {
            endpoint.succession().handOverAt(Path.of(socket));
        }
        return http(config, view);
    }

    private static @Nullable HttpApi http(PandoConfig config, AdminView view) {
        return config.http().enabled() ? HttpApi.start(config.http(), view) : null;
    }

    /**
     * In the place of the process before this one. That one does not come back, so what fails thereafter must not end this one, with which
     * all clients would be lost; HTTP, whose port it usually holds until then, is tried before as well.
     */
    private static @Nullable HttpApi next(PandoConfig config, Endpoint endpoint, AdminView view) {
        HttpApi http = null;
        try {
            http = http(config, view);
        } catch (PandoException taken) {
            LOG.debug("by the process before this one, it seems", taken);
        }
        try {
            endpoint.succession().succeed();
        } catch (PandoException e) {
            if (http != null) {
                http.close();
            }
            throw e;
        }
        String socket = config.listen().restart().socket();
        if (socket != null) {
            try {
                endpoint.succession().handOverAt(Path.of(socket));
            } catch (PandoException e) {
                LOG.error("clients are served, but nobody will be able to take over: {}", e.getMessage());
            }
        }
        return http == null ? orNone(config, view) : http;
    }

    private static @Nullable HttpApi orNone(PandoConfig config, AdminView view) {
        try {
            return http(config, view);
        } catch (PandoException e) {
            LOG.error("clients are served, but HTTP is not there: {}", e.getMessage());
            return null;
        }
    }

    private static @Nullable ControlPlane control(LiveConfig live, boolean succeeding) {
        PandoConfig config = live.now();
        ControlPlane.Options options = ControlPlane.Options.of(nodeName(config), config.tables());
        return config.sharded()
                ? ControlPlane.start(FleetConnections.of(live), succeeding ? options.afterAnother() : options)
                : null;
    }

    private static ParserService parser(PandoConfig config) {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / CORES_PER_PARSER);
        GrammarLimits usual = GrammarLimits.DEFAULT;
        GrammarLimits limits =
                new GrammarLimits(config.limits().maxStatementBytes(), usual.memoryBytes(), usual.treeDepth());
        return new ParserService(threads, config.limits().parserQueue(), limits);
    }

    /** Tells this node from others that serve the same fleet, and is the same after a restart unless the port is any free one. */
    private static String nodeName(PandoConfig config) {
        if (!config.listen().node().name().isEmpty()) {
            return config.listen().node().name();
        }
        int port = config.listen().port();
        String last = port == 0 ? UUID.randomUUID().toString() : config.listen().host() + ":" + port;
        try {
            return InetAddress.getLocalHost().getHostName() + " " + last;
        } catch (UnknownHostException unnamed) {
            return "node " + last;
        }
    }

    /** The PostgreSQL port it listens on. */
    public int port() {
        return endpoint.port();
    }

    /** The HTTP port, 0 when HTTP is switched off. */
    public synchronized int httpPort() {
        HttpApi there = http;
        return there == null ? 0 : there.port();
    }

    /** A short line of what goes on. */
    public String status() {
        return Activity.of(endpoint).toString();
    }

    /** Begins to end, and returns; {@link #ended} completes when all is over. To be begun again in a less patient way. */
    public void shutdown(Shutdown mode) {
        endpoint.operations().shutdown(mode);
    }

    private void closeAfter(CompletableFuture<Void> over) {
        Thread.ofVirtual().name("pando-end").start(() -> {
            over.join();
            close();
        });
    }

    /** Completes when this server is closed, whoever has asked for that. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /** Whether it ends, or serves only the clients it has. */
    public boolean departing() {
        return endpoint.departing();
    }

    /** Its port is the next process' now. */
    private synchronized void closeHttp() {
        if (http != null) {
            http.close();
            http = null;
        }
    }

    /** That process is gone. */
    private synchronized void openHttp() {
        if (!closing.get()) {
            http = orNone(live.now(), view);
        }
    }

    /** Hangs up on clients in an orderly way, then stops the rest. Servers behind it are left alone. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            ended.join();
            return;
        }
        try {
            closeHttp();
            endpoint.succession().farewell();
            endpoint.close();
            parser.close();
            if (control != null) {
                control.close();
            }
        } finally {
            ended.complete(null);
        }
    }
}
