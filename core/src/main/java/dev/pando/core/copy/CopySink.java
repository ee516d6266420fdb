package dev.pando.core.copy;

import io.netty.buffer.ByteBuf;

/** Receives what each shard gets. */
@FunctionalInterface
public interface CopySink {
    /** Bytes of COPY data for {@code shard}: whole rows, the payload of one CopyData. The receiver owns one reference. */
    void data(int shard, ByteBuf rows);
}
