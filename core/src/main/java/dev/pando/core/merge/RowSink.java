package dev.pando.core.merge;

import io.netty.buffer.ByteBuf;

/** Receives merged rows in their final order. */
@FunctionalInterface
public interface RowSink {
    /** A DataRow's body (what follows type and length). The receiver owns one reference and must release it. */
    void row(ByteBuf body);
}
