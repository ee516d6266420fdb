package dev.pando.grammar;

import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * One instance of libpg_query with its memory; used by one thread at a time. After anything but a normal return it may be in any state
 * and has to be thrown away.
 */
final class LibpgQuery {
    private static final int PAGE_BYTES = 65_536;

    /** 4 MB: data, stack and the trees of ordinary statements. The module itself asks for 128 MB, but grows from less just as well. */
    private static final int START_PAGES = 64;

    private static final long ZERO_BYTES_LOW = 0x0101010101010101L;
    private static final long ZERO_BYTES_HIGH = 0x8080808080808080L;

    private final SparseMemory memory;
    private final ExportFunction malloc;
    private final ExportFunction free;
    private final ExportFunction parse;
    private final ExportFunction freeResult;
    private final ExportFunction scan;
    private final ExportFunction plpgsql;
    private final ExportFunction freeString;

    /** What a parse answers: a tree as JSON, or an error; the one that is not is empty. */
    record Answer(String tree, String error, int position) {}

    /** The module without its code, which is in classes; parsed once per JVM. */
    private static final class Module {
        static final WasmModule WASM = load();

        private static WasmModule load() {
            try (InputStream in = LibpgQuery.class.getResourceAsStream("LibpgQuery.meta")) {
                if (in == null) {
                    throw new IllegalStateException("LibpgQuery.meta is not on the class path");
                }
                return Parser.parse(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    LibpgQuery(int mostBytes) {
        Instance instance = Instance.builder(Module.WASM)
                .withImportValues(Emscripten.imports())
                .withMachineFactory(LibpgQueryMachine::new)
                .withMemoryFactory(SparseMemory::new)
                .withMemoryLimits(new MemoryLimits(START_PAGES, Math.max(START_PAGES, mostBytes / PAGE_BYTES)))
                .build();
        memory = (SparseMemory) instance.memory();
        malloc = instance.export("C");
        free = instance.export("E");
        parse = instance.export("F");
        freeResult = instance.export("G");
        scan = instance.export("M");
        plpgsql = instance.export("H");
        freeString = instance.export("N");
        instance.export("A").apply();
    }

    long memoryBytes() {
        return (long) memory.pages() * PAGE_BYTES;
    }

    /** What its memory takes on Java's heap. */
    long residentBytes() {
        return memory.residentBytes();
    }

    Answer parse(byte[] sql) {
        int text = copyIn(sql);
        int result = (int) parse.apply(text)[0];
        int tree = memory.readInt(result);
        int error = memory.readInt(result + 8);
        // A PgQueryError: message, function, file, line, cursor position, context.
        Answer answer = error == 0
                ? new Answer(copyOut(tree), "", 0)
                : new Answer("", copyOut(memory.readInt(error)), memory.readInt(error + 16));
        freeResult.apply(result);
        free.apply(text);
        return answer;
    }

    /** PostgreSQL's own tokens as JSON, or an error's text; what our lexer is compared with. */
    String scan(byte[] sql) {
        return text(scan, sql);
    }

    /** What PL/pgSQL reads in a DO or a CREATE FUNCTION, as JSON; an error's text begins with another character. */
    String plpgsql(byte[] sql) {
        return text(plpgsql, sql);
    }

    private String text(ExportFunction function, byte[] sql) {
        int text = copyIn(sql);
        int result = (int) function.apply(text)[0];
        String answer = copyOut(result);
        freeString.apply(result);
        free.apply(text);
        return answer;
    }

    private int copyIn(byte[] sql) {
        int place = (int) malloc.apply(sql.length + 1)[0];
        if (place == 0) {
            throw new Emscripten.Aborted("malloc without success");
        }
        memory.write(place, sql);
        memory.writeByte(place + sql.length, (byte) 0);
        return place;
    }

    private String copyOut(int place) {
        if (place == 0) {
            return "";
        }
        return new String(memory.readBytes(place, length(place)), StandardCharsets.UTF_8);
    }

    /** C's strlen, eight bytes at a time. */
    private int length(int place) {
        int at = place;
        long end = memoryBytes() - 8;
        while (at <= end) {
            long bytes = memory.readLong(at);
            if (((bytes - ZERO_BYTES_LOW) & ~bytes & ZERO_BYTES_HIGH) != 0) {
                break;
            }
            at += 8;
        }
        while (memory.read(at) != 0) {
            at++;
        }
        return at - place;
    }
}
