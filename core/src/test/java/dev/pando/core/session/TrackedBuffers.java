package dev.pando.core.session;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Hands out buffers, remembers them all, and overwrites each when it is freed, so that later use is seen. */
final class TrackedBuffers extends AbstractByteBufAllocator {
    private final List<Tracked> all = new ArrayList<>();
    private final boolean withOrigin;

    TrackedBuffers(boolean withOrigin) {
        super(false);
        this.withOrigin = withOrigin;
    }

    private final class Tracked extends UnpooledHeapByteBuf {
        private final List<StackTraceElement> origin;

        Tracked(int initial, int max) {
            super(TrackedBuffers.this, initial, max);
            origin = withOrigin ? List.of(Thread.currentThread().getStackTrace()) : List.of();
        }

        @Override
        protected void freeArray(byte[] array) {
            Arrays.fill(array, (byte) 0xdd);
            super.freeArray(array);
        }
    }

    ByteBuf of(byte[] bytes) {
        return buffer(bytes.length).writeBytes(bytes);
    }

    /** Buffers that nobody has released, with where they came from when that was asked for. */
    List<String> leaked() {
        return all.stream()
                .filter(buffer -> buffer.refCnt() > 0)
                .map(buffer -> "buffer of " + buffer.writerIndex() + " bytes, " + buffer.refCnt() + " references, "
                        + buffer.origin.stream()
                                .filter(frame -> frame.getClassName().startsWith("dev.pando"))
                                .skip(1)
                                .limit(8)
                                .toList())
                .toList();
    }

    @Override
    protected ByteBuf newHeapBuffer(int initial, int max) {
        Tracked buffer = new Tracked(initial, max);
        all.add(buffer);
        return buffer;
    }

    @Override
    protected ByteBuf newDirectBuffer(int initial, int max) {
        return newHeapBuffer(initial, max);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
