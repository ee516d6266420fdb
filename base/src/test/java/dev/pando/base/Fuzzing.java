package dev.pando.base;

import com.sun.management.ThreadMXBean;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all decoders owe whoever sends them bytes: a result or a named refusal, for memory in proportion to what came. */
public final class Fuzzing {
    /** Of an error (its stack trace) and of small objects. */
    private static final long FIXED_BYTES = 100 << 10;

    private static final long PER_BYTE = 64;
    private static final int TRIALS = 4;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Fuzzing() {}

    /**
     * The result, null when the input was refused with one of {@code clean}. Whatever else is thrown is a finding, and so is memory beyond
     * measure. {@code decoder} may be asked again: what it takes the first time may be for classes that are loaded.
     */
    public static <T> @Nullable T decoded(int inputBytes, Set<PandoError> clean, Supplier<T> decoder) {
        long most = FIXED_BYTES + PER_BYTE * inputBytes;
        long taken = Long.MAX_VALUE;
        T result = null;
        for (int trial = 0; trial < TRIALS && taken > most; trial++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            result = once(clean, decoder);
            taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        check(taken <= most, taken + " bytes taken for " + inputBytes);
        return result;
    }

    private static <T> @Nullable T once(Set<PandoError> clean, Supplier<T> decoder) {
        try {
            return decoder.get();
        } catch (PandoException e) {
            if (!clean.contains(e.error())) {
                throw new AssertionError("refused as " + e.error(), e);
            }
            return null;
        }
    }

    /** Cheaper than a fluent assertion, and asked millions of times. */
    public static void check(boolean holds, String finding) {
        if (!holds) {
            throw new AssertionError(finding);
        }
    }

    /** Where to cut a stream: sizes of pieces that depend on the bytes themselves, so that an input stands for one way to cut it. */
    public static int piece(byte[] input, int at) {
        int size = 1 + ((input[at] * 31 + at) & 15);
        return Math.min(size, input.length - at);
    }
}
