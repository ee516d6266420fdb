package dev.pando.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.WasmRuntimeException;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SparseMemoryTest {
    private static final int PAGE = Memory.PAGE_SIZE;

    @Test
    void doesWhatTheUsualMemoryDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        var sparse = new SparseMemory(new MemoryLimits(3, 6));
        var usual = new ByteArrayMemory(new MemoryLimits(3, 6));
        for (int i = 0; i < 20_000; i++) {
            long choice = random.nextLong();
            int most = sparse.pages() * PAGE;
            // Around the borders of pages, where values lie across two of them.
            int place = random.nextBoolean() ? random.nextInt(most) : random.nextInt(1, 4) * PAGE - random.nextInt(12);
            assertThat(step(sparse, choice, place))
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(step(usual, choice, place));
        }
        assertThat(sparse.readBytes(0, sparse.pages() * PAGE)).isEqualTo(usual.readBytes(0, usual.pages() * PAGE));
    }

    private static String step(Memory memory, long choice, int place) {
        byte[] some = {1, 2, 3, (byte) choice, 5, 6, 7};
        int length = (int) (choice >>> 8 & 0xffff);
        try {
            switch ((int) (choice & 31)) {
                case 0, 1, 2 -> memory.writeI32(place, (int) (choice >>> 9));
                case 3, 4, 5 -> memory.writeLong(place, choice);
                case 6 -> memory.writeShort(place, (short) (choice >>> 9));
                case 7 -> memory.writeByte(place, (byte) (choice >>> 9));
                case 8 -> memory.writeF32(place, (int) (choice >>> 9));
                case 9 -> memory.writeF64(place, (double) choice);
                case 10 -> memory.write(place, some, 1, 5);
                case 11 -> memory.fill((byte) (choice >>> 40 & 1), place, place + length);
                case 12, 13 -> memory.copy(place, (int) (choice >>> 24 & 0x1ffff), length);
                case 14, 15 -> memory.copy(place, place + 3, length & 0xff);
                case 16 -> {
                    return "grown " + memory.grow((int) (choice >>> 60 & 1)) + " " + memory.pages();
                }
                default -> {
                    return memory.readInt(place) + " " + memory.readLong(place) + " " + memory.readShort(place) + " "
                            + memory.readU16(place) + " " + memory.read(place) + " " + memory.readFloat(place) + " "
                            + memory.readDouble(place) + " " + memory.readF32(place) + " " + memory.readF64(place);
                }
            }
        } catch (WasmRuntimeException outside) {
            return "outside";
        }
        return "done";
    }

    @Test
    void takesMemoryForWhatIsWrittenOnly() {
        var memory = new SparseMemory(new MemoryLimits(64, 1024));
        memory.grow(900);
        memory.fill((byte) 0, 0, memory.pages() * PAGE);
        assertThat(memory.readLong(70 * PAGE)).isZero();
        assertThat(memory.residentBytes()).isZero();
        memory.writeLong(70 * PAGE - 4, -1);
        assertThat(memory.residentBytes()).isEqualTo(2 * PAGE);
        assertThat(memory.readInt(70 * PAGE)).isEqualTo(-1);
        assertThat(memory.readInt(71 * PAGE)).isZero();
    }

    @Test
    void theGrammarTakesAFewMegabytes() {
        var query = new LibpgQuery(GrammarLimits.DEFAULT.memoryBytes());
        Corpus.ACCEPTED.forEach(sql -> query.parse(sql.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(query.residentBytes()).isBetween(1L << 20, 8L << 20);
    }

    @Test
    void endsWhereItEnds() {
        var memory = new SparseMemory(new MemoryLimits(1, 2));
        assertThatThrownBy(() -> memory.writeI32(PAGE - 2, -1)).isInstanceOf(WasmRuntimeException.class);
        assertThat(memory.readShort(PAGE - 2)).isZero();
        assertThatThrownBy(() -> memory.read(-1)).isInstanceOf(WasmRuntimeException.class);
        assertThatThrownBy(() -> memory.write(PAGE - 2, new byte[3])).isInstanceOf(WasmRuntimeException.class);
        assertThat(memory.grow(1)).isEqualTo(1);
        assertThat(memory.grow(1)).isEqualTo(-1);
        memory.writeI32(PAGE - 2, -1);
        assertThat(memory.readInt(PAGE - 2)).isEqualTo(-1);
    }
}
