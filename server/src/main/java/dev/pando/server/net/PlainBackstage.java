package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.route.Plans;
import dev.pando.core.topology.Catalog;
import dev.pando.server.control.CallResult;
import dev.pando.server.control.NamedArgument;
import dev.pando.server.control.TwoPhase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A plain database has one server, so its schema need not be known to find a statement's place. Its plans depend on nothing but the text,
 * and all plain databases share them.
 */
public final class PlainBackstage implements Backstage {
    /** No shard map has this epoch. */
    private static final Catalog NOTHING_KNOWN = new Catalog(-1, 1, Map.of(), Map.of(), Set.of(), true);

    private final Plans plans;
    private final String name;
    private final AtomicLong changes = new AtomicLong();

    public PlainBackstage(String name, Plans plans) {
        this.name = name;
        this.plans = plans;
    }

    @Override
    public Plans plans() {
        return plans;
    }

    @Override
    public Catalog catalog() {
        return NOTHING_KNOWN;
    }

    /** Statements prepared before the schema was changed here are not those prepared after. */
    @Override
    public long epoch() {
        return changes.get();
    }

    @Override
    public CompletionStage<Catalog> refresh() {
        changes.incrementAndGet();
        return CompletableFuture.completedStage(NOTHING_KNOWN);
    }

    @Override
    public CompletionStage<CallResult> call(String user, String function, List<NamedArgument> arguments) {
        return CompletableFuture.failedStage(
                new PandoException(PandoError.NOT_SHARDED, "pando." + function + "()", name));
    }

    @Override
    public TwoPhase twoPhase() {
        throw new PandoException(PandoError.BUG, "a transaction over several shards of plain database " + name);
    }
}
