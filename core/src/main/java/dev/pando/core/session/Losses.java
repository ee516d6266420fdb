package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.link.ServerLink;

/** What to say when a server vanishes. */
final class Losses {
    private Losses() {}

    /** {@code inDoubt}: the statement may have committed by itself. */
    static PandoException duringStatement(SessionPort port, ServerLink link, String reason, boolean inDoubt) {
        String shard = port.shardName(link.shard());
        return inDoubt
                ? new PandoException(PandoError.COMMIT_IN_DOUBT, shard)
                : new PandoException(PandoError.SHARD_LOST, shard, reason);
    }
}
