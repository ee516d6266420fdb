package dev.pando.server;

import dev.pando.core.route.Plans;
import dev.pando.core.topology.Catalog;
import dev.pando.server.code.PlainCode;
import dev.pando.server.control.CallResult;
import dev.pando.server.control.ControlPlane;
import dev.pando.server.control.NamedArgument;
import dev.pando.server.control.TwoPhase;
import dev.pando.server.net.Backstage;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The sharded database's: its schema and shard map are the control plane's to know. */
record ShardedBackstage(ControlPlane control, Plans plans) implements Backstage {
    @Override
    public Catalog catalog() {
        return control.catalog();
    }

    @Override
    public @Nullable PlainCode readByClients() {
        return null;
    }

    @Override
    public long epoch() {
        return control.catalog().epoch();
    }

    @Override
    public CompletionStage<Catalog> refresh() {
        return control.refresh();
    }

    @Override
    public CompletionStage<CallResult> call(String user, String function, List<NamedArgument> arguments) {
        return control.call(user, function, arguments);
    }

    @Override
    public TwoPhase twoPhase() {
        return control.twoPhase();
    }
}
