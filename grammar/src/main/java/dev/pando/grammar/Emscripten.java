package dev.pando.grammar;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.WasmFunctionHandle;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.Arrays;
import java.util.List;

/**
 * What the compiled C code expects of its host. The one-letter names are those of the pinned npm package; its tests notice a change.
 *
 * <p>PostgreSQL leaves the depths of its parser with longjmp. Emscripten turns the C functions that may be left so into calls through
 * {@code invoke_*}: the host calls, and when a {@link LongJump} comes out it puts the C stack pointer back and marks the jump, upon which
 * the C side goes on where setjmp was.
 */
final class Emscripten {
    private static final String MODULE = "a";
    private static final long[] NOTHING = {};
    private static final long[] ZERO = {0};
    private static final long[] BAD_DESCRIPTOR = {8};
    private static final int PAGE_BYTES = 65_536;
    private static final int GROWTH_PAGES = 64;

    private Emscripten() {}

    /** C's longjmp; carries nothing, not even a stack trace. */
    private static final class LongJump extends RuntimeException {
        LongJump() {
            super("longjmp", null, false, false);
        }
    }

    /** The C code gave up: an assertion, abort() or exit(). The instance is not to be used again. */
    static final class Aborted extends RuntimeException {
        Aborted(String call) {
            super("the grammar called " + call);
        }
    }

    static ImportValues imports() {
        return ImportValues.builder()
                .addFunction(
                        invoke("g", "i"),
                        invoke("b", "ii"),
                        invoke("a", "iii"),
                        invoke("d", "iiii"),
                        invoke("k", "iiiii"),
                        invoke("l", "ji"),
                        invoke("e", "v"),
                        invoke("f", "vi"),
                        invoke("h", "vii"),
                        invoke("j", "viii"),
                        invoke("i", "viiii"),
                        invoke("y", "viiiii"),
                        invoke("n", "viiiiiiiiiiiii"))
                .addFunction(
                        function("c", "viiii", aborts("__assert_fail")),
                        function("x", "v", aborts("abort")),
                        function("m", "vi", aborts("exit")),
                        function("v", "vi", aborts("proc_exit")),
                        function("w", "v", (instance, arguments) -> NOTHING),
                        function("o", "iif", (instance, arguments) -> ZERO),
                        function("p", "v", (instance, arguments) -> {
                            throw new LongJump();
                        }),
                        function("q", "ii", Emscripten::resizeHeap))
                .addFunction(
                        function("u", "ii", (instance, arguments) -> ZERO),
                        function("r", "iiiii", (instance, arguments) -> BAD_DESCRIPTOR),
                        function("s", "iijii", (instance, arguments) -> BAD_DESCRIPTOR),
                        function("t", "iiiii", Emscripten::swallowOutput))
                .build();
    }

    private static WasmFunctionHandle aborts(String call) {
        return (instance, arguments) -> {
            throw new Aborted(call);
        };
    }

    private static long[] resizeHeap(Instance instance, long... arguments) {
        int wanted = (int) ((Integer.toUnsignedLong((int) arguments[0]) + PAGE_BYTES - 1) / PAGE_BYTES);
        int missing = wanted - instance.memory().pages();
        boolean enough = missing <= 0
                || instance.memory().grow(Math.max(missing, GROWTH_PAGES)) >= 0
                || instance.memory().grow(missing) >= 0;
        return new long[] {enough ? 1 : 0};
    }

    /** fd_write: says that everything was written. The C code writes only what it also reports in its result. */
    private static long[] swallowOutput(Instance instance, long... arguments) {
        int bytes = 0;
        for (int i = 0; i < arguments[2]; i++) {
            bytes += instance.memory().readInt((int) arguments[1] + 8 * i + 4);
        }
        instance.memory().writeI32((int) arguments[3], bytes);
        return ZERO;
    }

    /** Calls the function whose place in the table is the first argument; the signature is result and arguments, without that place. */
    private static HostFunction invoke(String name, String signature) {
        boolean answers = signature.charAt(0) != 'v';
        String all = signature.charAt(0) + "i" + signature.substring(1);
        return function(name, all, (instance, arguments) -> {
            long stackPointer = instance.export("R").apply()[0];
            try {
                int function = instance.table(0).ref((int) arguments[0]);
                long[] result =
                        instance.getMachine().call(function, Arrays.copyOfRange(arguments, 1, arguments.length));
                return answers ? result : NOTHING;
            } catch (LongJump jump) {
                instance.export("Q").apply(stackPointer);
                instance.export("P").apply(1, 0);
                return answers ? ZERO : NOTHING;
            }
        });
    }

    private static HostFunction function(String name, String signature, WasmFunctionHandle body) {
        List<ValType> parameters =
                signature.substring(1).chars().mapToObj(Emscripten::type).toList();
        List<ValType> results = signature.charAt(0) == 'v' ? List.of() : List.of(type(signature.charAt(0)));
        return new HostFunction(MODULE, name, FunctionType.of(parameters, results), body);
    }

    private static ValType type(int letter) {
        return switch (letter) {
            case 'i' -> ValType.I32;
            case 'j' -> ValType.I64;
            case 'f' -> ValType.F64;
            default -> throw new IllegalArgumentException("type " + (char) letter);
        };
    }
}
