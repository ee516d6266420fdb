package dev.pando.core.link;

import dev.pando.base.error.PandoException;
import dev.pando.core.topology.Oids;
import dev.pando.core.topology.ShardId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is known of the shards behind a session, and how to know more. */
public interface CatalogPort {
    int shardCount();

    /** How people call a shard. */
    String shardName(ShardId shard);

    /** Changes with the schema; plans made before are out of date. */
    long epoch();

    /** The shards' numbers of types and tables, as the catalog has them. */
    Oids oids();

    /** Reads the catalog again after DDL. */
    void refreshCatalog(Consumer<@Nullable PandoException> done);
}
