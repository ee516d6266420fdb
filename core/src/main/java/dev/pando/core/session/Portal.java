package dev.pando.core.session;

import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.topology.ShardId;
import org.jspecify.annotations.Nullable;

/**
 * A portal as the client knows it.
 *
 * @param shard where it lives on a server; null when only Pando knows it (several shards, or a command Pando runs itself)
 */
record Portal(
        ClientStatement statement,
        FrontendMessage.Bind bind,
        @Nullable ShardId shard) {}
