package dev.pando.server.net;

import dev.pando.core.route.Plans;
import dev.pando.core.topology.Catalog;
import dev.pando.server.control.CallResult;
import dev.pando.server.control.NamedArgument;
import dev.pando.server.control.TwoPhase;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What the data path asks, for one database, of the rest of the server. Nothing here blocks; answers come on any thread. */
public interface Backstage {
    /** Plans and their cache. */
    Plans plans();

    /** The schema as last read. */
    Catalog catalog();

    /** Changes when a statement may have got another meaning. */
    long epoch();

    /** Reads the schema again after DDL. */
    CompletionStage<Catalog> refresh();

    /** Runs {@code SELECT pando.function(…)}. */
    CompletionStage<CallResult> call(String user, String function, List<NamedArgument> arguments);

    TwoPhase twoPhase();
}
