package dev.pando.server.net;

import dev.pando.core.route.Plans;
import dev.pando.core.topology.Catalog;
import dev.pando.server.code.PlainCode;
import dev.pando.server.control.CallResult;
import dev.pando.server.control.NamedArgument;
import dev.pando.server.control.TwoPhase;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the data path asks, for one database, of the rest of the server. Nothing here blocks; answers come on any thread. */
public interface Backstage {
    /** Plans and their cache. */
    Plans plans();

    /** The schema as last read. */
    Catalog catalog();

    /** The code of a database that nobody reads but its clients' connections; null when somebody else reads the schema. */
    @Nullable
    PlainCode readByClients();

    /** Changes when a statement may have got another meaning. */
    long epoch();

    /** Reads the schema again after DDL. */
    CompletionStage<Catalog> refresh();

    /** Runs {@code SELECT pando.function(…)}. */
    CompletionStage<CallResult> call(String user, String function, List<NamedArgument> arguments);

    TwoPhase twoPhase();
}
