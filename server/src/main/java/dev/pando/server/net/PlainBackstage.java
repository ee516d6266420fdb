package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.route.Plans;
import dev.pando.core.topology.Catalog;
import dev.pando.server.code.JudgedCatalogs;
import dev.pando.server.code.PlainCode;
import dev.pando.server.control.CallResult;
import dev.pando.server.control.NamedArgument;
import dev.pando.server.control.TwoPhase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A plain database has one server, so nothing of its schema need be known to find a statement's place; of its code, what it leaves behind. */
public final class PlainBackstage implements Backstage {
    private final Plans plans;
    private final String name;
    private final PlainCode code;

    public PlainBackstage(String name, Plans plans, JudgedCatalogs catalogs) {
        this.plans = plans;
        this.name = name;
        this.code = new PlainCode(catalogs, System.nanoTime());
    }

    @Override
    public Plans plans() {
        return plans;
    }

    @Override
    public Catalog catalog() {
        return code.catalog();
    }

    @Override
    public PlainCode readByClients() {
        return code;
    }

    /** Statements prepared before the schema was changed here are not those prepared after. */
    @Override
    public long epoch() {
        return code.epoch();
    }

    @Override
    public CompletionStage<Catalog> refresh() {
        code.changed();
        return CompletableFuture.completedStage(code.catalog());
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
