package dev.pando.grammar;

import com.dylibso.chicory.runtime.ConstantEvaluators;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.WasmRuntimeException;
import com.dylibso.chicory.wasm.types.ActiveDataSegment;
import com.dylibso.chicory.wasm.types.DataSegment;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.PassiveDataSegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * WebAssembly's memory of one instance, owned by its thread. Pages nobody has written to take no memory: the C code was linked with 32 MB of
 * stack below its heap, of which ordinary statements use a few hundred kilobytes. They are all one page of zeros, until the first write.
 */
@SuppressWarnings({
    "removal", // of locks and waits, which are abstract still
    "ReferenceEquality" // of the page of zeros, which is one object
})
final class SparseMemory implements Memory {
    private static final int SHIFT = 16;
    private static final int MASK = PAGE_SIZE - 1;
    private static final byte[] ZEROS = new byte[PAGE_SIZE];
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int initial;
    private final byte[][] pages;
    private int size;

    private DataSegment[] segments = {};

    SparseMemory(MemoryLimits limits) {
        initial = limits.initialPages();
        pages = new byte[Math.min(limits.maximumPages(), RUNTIME_MAX_PAGES)][];
        size = initial;
        Arrays.fill(pages, 0, size, ZEROS);
    }

    /** What it takes on Java's heap. */
    long residentBytes() {
        return Arrays.stream(pages, 0, size).filter(page -> page != ZEROS).count() * PAGE_SIZE;
    }

    @Override
    public int pages() {
        return size;
    }

    @Override
    public int grow(int more) {
        int before = size;
        if (more < 0 || more > pages.length - before) {
            return -1;
        }
        Arrays.fill(pages, before, before + more, ZEROS);
        size = before + more;
        return before;
    }

    @Override
    public int initialPages() {
        return initial;
    }

    @Override
    public int maximumPages() {
        return pages.length;
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public Object lock(int address) {
        throw unshared();
    }

    @Override
    public int waitOn(int address, int expected, long timeout) {
        throw unshared();
    }

    @Override
    public int waitOn(int address, long expected, long timeout) {
        throw unshared();
    }

    @Override
    public int notify(int address, int most) {
        return 0;
    }

    private static WasmRuntimeException unshared() {
        return new WasmRuntimeException("this memory is not shared");
    }

    @Override
    public void initialize(Instance instance, DataSegment[] data) {
        segments = data.clone();
        for (DataSegment segment : data) {
            if (segment instanceof ActiveDataSegment active) {
                int place = (int) ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
                write(place, active.data(), 0, active.data().length);
            }
        }
    }

    @Override
    public void initPassiveSegment(int segment, int destination, int offset, int length) {
        write(destination, segments[segment].data(), offset, length);
    }

    @Override
    public void drop(int segment) {
        segments[segment] = PassiveDataSegment.EMPTY;
    }

    /** The page of an address, to be read. */
    private byte[] readable(int address) {
        int page = address >>> SHIFT;
        if (page >= size) {
            throw new WasmRuntimeException("address " + Integer.toUnsignedString(address) + " of " + size + " pages");
        }
        return pages[page];
    }

    /** The page of an address, its own from now on. */
    private byte[] writable(int address) {
        byte[] page = readable(address);
        return page == ZEROS ? own(address >>> SHIFT) : page;
    }

    private byte[] own(int page) {
        byte[] fresh = new byte[PAGE_SIZE];
        pages[page] = fresh;
        return fresh;
    }

    /** Before anything is written, so that what reaches beyond the end changes nothing. */
    private void require(int address, int length) {
        long end = Integer.toUnsignedLong(address) + length;
        if (length < 0 || end > (long) size * PAGE_SIZE) {
            throw new WasmRuntimeException(
                    length + " bytes at " + Integer.toUnsignedString(address) + " of " + size + " pages");
        }
    }

    private static int chunk(int address, int length) {
        return Math.min(length, PAGE_SIZE - (address & MASK));
    }

    @Override
    public void write(int address, byte[] data, int offset, int length) {
        require(address, length);
        int done = 0;
        while (done < length) {
            int part = chunk(address + done, length - done);
            System.arraycopy(data, offset + done, writable(address + done), (address + done) & MASK, part);
            done += part;
        }
    }

    @Override
    public byte[] readBytes(int address, int length) {
        require(address, length);
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            int part = chunk(address + done, length - done);
            System.arraycopy(readable(address + done), (address + done) & MASK, bytes, done, part);
            done += part;
        }
        return bytes;
    }

    @Override
    public void copy(int destination, int source, int length) {
        if (chunk(destination, length) == length && chunk(source, length) == length) {
            if (length > 0) {
                System.arraycopy(readable(source), source & MASK, writable(destination), destination & MASK, length);
            }
        } else {
            write(destination, readBytes(source, length), 0, length);
        }
    }

    @Override
    public void fill(byte value, int from, int to) {
        require(from, to - from);
        int done = from;
        while (done < to) {
            int part = chunk(done, to - done);
            if (value != 0 || readable(done) != ZEROS) {
                Arrays.fill(writable(done), done & MASK, (done & MASK) + part, value);
            }
            done += part;
        }
    }

    @Override
    public void zero() {
        Arrays.fill(pages, 0, size, ZEROS);
    }

    @Override
    public byte read(int address) {
        return readable(address)[address & MASK];
    }

    @Override
    public void writeByte(int address, byte value) {
        writable(address)[address & MASK] = value;
    }

    @Override
    public short readShort(int address) {
        int offset = address & MASK;
        return offset <= PAGE_SIZE - 2 ? (short) SHORTS.get(readable(address), offset) : (short) assembled(address, 2);
    }

    @Override
    public void writeShort(int address, short value) {
        int offset = address & MASK;
        if (offset <= PAGE_SIZE - 2) {
            SHORTS.set(writable(address), offset, value);
        } else {
            scatter(address, 2, value);
        }
    }

    @Override
    public int readInt(int address) {
        int offset = address & MASK;
        return offset <= PAGE_SIZE - 4 ? (int) INTS.get(readable(address), offset) : (int) assembled(address, 4);
    }

    @Override
    public void writeI32(int address, int value) {
        int offset = address & MASK;
        if (offset <= PAGE_SIZE - 4) {
            INTS.set(writable(address), offset, value);
        } else {
            scatter(address, 4, value);
        }
    }

    @Override
    public long readLong(int address) {
        int offset = address & MASK;
        return offset <= PAGE_SIZE - 8 ? (long) LONGS.get(readable(address), offset) : assembled(address, 8);
    }

    @Override
    public void writeLong(int address, long value) {
        int offset = address & MASK;
        if (offset <= PAGE_SIZE - 8) {
            LONGS.set(writable(address), offset, value);
        } else {
            scatter(address, 8, value);
        }
    }

    /** A value that lies across two pages, least byte first. */
    private long assembled(int address, int bytes) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = (value << 8) | (read(address + i) & 0xff);
        }
        return value;
    }

    private void scatter(int address, int bytes, long value) {
        require(address, bytes);
        for (int i = 0; i < bytes; i++) {
            writeByte(address + i, (byte) (value >>> (8 * i)));
        }
    }

    @Override
    public long readU16(int address) {
        return readShort(address) & 0xffffL;
    }

    @Override
    public long readF32(int address) {
        return readInt(address);
    }

    @Override
    public float readFloat(int address) {
        return Float.intBitsToFloat(readInt(address));
    }

    @Override
    public void writeF32(int address, float value) {
        writeI32(address, Float.floatToRawIntBits(value));
    }

    @Override
    public long readF64(int address) {
        return readLong(address);
    }

    @Override
    public double readDouble(int address) {
        return Double.longBitsToDouble(readLong(address));
    }

    @Override
    public void writeF64(int address, double value) {
        writeLong(address, Double.doubleToRawLongBits(value));
    }
}
