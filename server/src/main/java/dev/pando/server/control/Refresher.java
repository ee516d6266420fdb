package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.TableConfig;
import dev.pando.core.topology.Catalog;
import dev.pando.core.topology.ShardId;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the catalog snapshot: one thread reads, everybody sees the last result. A request that comes while a reading runs waits for the
 * next one, together with all others that came meanwhile, because the running one may have begun before the change.
 */
final class Refresher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
    private static final int QUIET_SECONDS = 10;

    private final Fleetwide fleetwide;
    private final Configured configured;
    private final Declarations declarations;
    private final Reconciliation reconciliation;
    private final KeptConnections connections;
    private final OidLoader oids;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("pando-catalog").factory());
    private final List<Consumer<Catalog>> listeners = new CopyOnWriteArrayList<>();
    private volatile Catalog catalog;
    private volatile Metadata metadata = new Metadata(0, Map.of(), Map.of(), Map.of());
    private volatile long epoch;
    private final Object lock = new Object();
    private @Nullable CompletableFuture<Catalog> next;
    private boolean nextAnnounces;
    /** So far; of the one thread. */
    private int readings;
    /** The one thread, a while later. */
    private final Executor later = CompletableFuture.delayedExecutor(QUIET_SECONDS, TimeUnit.SECONDS, thread);

    Refresher(Fleetwide fleetwide, Configured configured) {
        this.fleetwide = fleetwide;
        this.configured = configured;
        this.declarations = new Declarations(fleetwide);
        this.reconciliation = new Reconciliation(fleetwide);
        this.connections = new KeptConnections(fleetwide.fleet());
        this.oids = new OidLoader(fleetwide.fleet(), connections);
        this.catalog = Catalog.empty(fleetwide.shards().size());
    }

    Catalog catalog() {
        return catalog;
    }

    /** Of the shard map that the catalog was read with. */
    long epoch() {
        return epoch;
    }

    /** The shard map as it was read last. */
    Metadata metadata() {
        return metadata;
    }

    void onChange(Consumer<Catalog> listener) {
        listeners.add(listener);
    }

    /** The first reading, on the caller's thread. */
    void start() {
        configured.requireAgreement(load().metadata());
        refresh(false);
        List<Configured.MissingPin> missing = configured.missingPins(metadata);
        if (!missing.isEmpty()) {
            Pins pins = new Pins(fleetwide);
            missing.forEach(pin -> LOG.info(
                    "as configured: {}",
                    pins.pin(pin.table(), MetadataStore.texts(pin.key()), pin.shard(), new Requester.Operator())));
            refresh(false);
        }
    }

    /** This node changed the schema: other nodes are told. */
    CompletableFuture<Catalog> afterDdl() {
        return request(true);
    }

    /** The shard map was changed by this node or another one, which told everybody. */
    CompletableFuture<Catalog> afterChange() {
        return request(false);
    }

    private CompletableFuture<Catalog> request(boolean announce) {
        synchronized (lock) {
            nextAnnounces |= announce;
            if (next == null) {
                next = new CompletableFuture<>();
                thread.execute(this::serve);
            }
            return next;
        }
    }

    private void serve() {
        CompletableFuture<Catalog> waiting;
        boolean announce;
        synchronized (lock) {
            waiting = next;
            announce = nextAnnounces;
            next = null;
            nextAnnounces = false;
        }
        if (waiting == null) {
            return;
        }
        try {
            waiting.complete(refresh(announce));
        } catch (PandoException e) {
            waiting.completeExceptionally(e);
        } catch (RuntimeException e) {
            LOG.error("the catalog cannot be read", e);
            waiting.completeExceptionally(PandoException.causedBy(e, PandoError.BUG, String.valueOf(e.getMessage())));
        }
        readings++;
        int sofar = readings;
        later.execute(() -> {
            if (readings == sofar) {
                connections.close();
            }
        });
    }

    private Catalog refresh(boolean announce) {
        CatalogLoader.Loaded loaded = load();
        if (Reconciliation.needed(loaded)) {
            reconciliation.run();
            loaded = load();
        }
        PandoException refused = null;
        for (TableConfig table : configured.missing(loaded)) {
            try {
                Declarations.Declared declared = declarations.declare(table, new Requester.Operator());
                LOG.info("declared as configured: {}", declared.summary());
                declared.notices().forEach(LOG::info);
            } catch (PandoException e) {
                if (e.error() != PandoError.ALREADY_DISTRIBUTED) {
                    refused = e;
                    break;
                }
            }
        }
        if (!configured.missing(loaded).isEmpty()) {
            loaded = load();
        }
        boolean changed = publish(loaded);
        if (changed && announce) {
            long announced = read("telling other nodes of a new schema", MetadataStore::advanceEpoch);
            // Another node's change in between has still to be read: then the epochs differ, and the listener sees to
            // it.
            if (announced == loaded.metadata().epoch() + 1) {
                epoch = announced;
            }
        }
        if (refused != null) {
            throw refused;
        }
        return catalog;
    }

    private CatalogLoader.Loaded load() {
        return read(
                "reading the catalog",
                home -> CatalogLoader.load(home, fleetwide.shards().size()));
    }

    private <T> T read(String what, KeptConnections.Reading<T> reading) {
        try {
            return connections.read(ShardId.HOME, reading);
        } catch (SQLException e) {
            throw Fleetwide.failed(what, e);
        }
    }

    /** Whether anything is different now. Equal catalogs keep their epoch, and with it the plans cached for it. */
    private boolean publish(CatalogLoader.Loaded loaded) {
        Catalog before = catalog;
        Catalog read = loaded.catalog().with(oids.load(before.oids()));
        metadata = loaded.metadata();
        epoch = loaded.metadata().epoch();
        if (before.epoch() > 0 && read.at(before.epoch()).equals(before)) {
            return false;
        }
        Catalog now = read.at(before.epoch() + 1);
        catalog = now;
        listeners.forEach(listener -> listener.accept(now));
        return true;
    }

    @Override
    public void close() {
        thread.close();
        connections.close();
    }
}
