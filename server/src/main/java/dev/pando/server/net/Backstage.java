package dev.pando.server.net;

import dev.pando.core.route.Plans;
import dev.pando.core.topology.Catalog;
import dev.pando.server.admin.AdminConsole;
import dev.pando.server.control.CallResult;
import dev.pando.server.control.NamedArgument;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What the data path asks of the rest of the server. Answers come on any thread. */
public interface Backstage {
    /** Plans and their cache. */
    Plans plans();

    /** The schema as last read. */
    Catalog catalog();

    CompletionStage<Catalog> refreshCatalog();

    CompletionStage<CallResult> call(String user, String function, List<NamedArgument> arguments);

    String newGlobalTransaction();

    String decisionSql(String globalTransaction);

    void nudgeRecovery();

    AdminConsole console();
}
