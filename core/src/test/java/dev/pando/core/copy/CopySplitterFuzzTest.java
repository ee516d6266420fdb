package dev.pando.core.copy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.route.CopyShape;
import dev.pando.core.route.CopyShape.Format;
import dev.pando.core.route.CopyShape.Header;
import dev.pando.core.shard.HashFunction;
import dev.pando.core.shard.KeyType;
import dev.pando.core.topology.Placement;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** COPY data, whatever its bytes. docs/fuzzing.md tells how to look for more. */
class CopySplitterFuzzTest {
    private static final int SHARDS = 3;
    private static final int LONGEST = 1_000;

    /** What each shard got, and the refusal, empty without one. */
    private record Outcome(List<String> shards, String refusal) {}

    /**
     * In: a byte that chooses the format, then the data. Wherever it is cut, each shard gets the same. Rows without header or end marker all
     * arrive, and what a shard got would, dealt out again, all go there.
     */
    @FuzzTest
    void rows(byte[] input) {
        if (input.length == 0) {
            return;
        }
        CopyShape shape = shape(input[0]);
        byte[] data = Arrays.copyOfRange(input, 1, input.length);
        Outcome whole = split(shape, data, false);
        Outcome cut = split(shape, data, true);
        check(whole.refusal.equals(cut.refusal), "in pieces " + cut + ", at once " + whole);
        if (!whole.refusal.isEmpty()) {
            return;
        }
        check(whole.equals(cut), "in pieces " + cut + ", at once " + whole);
        String text = new String(data, StandardCharsets.ISO_8859_1);
        if (shape.format() == Format.BINARY || shape.header() != Header.NONE || text.contains("\\.")) {
            return;
        }
        int arrived = whole.shards.stream().mapToInt(String::length).sum();
        check(arrived == data.length, arrived + " bytes of " + data.length + " arrived");
        for (int shard = 0; shard < SHARDS; shard++) {
            String got = whole.shards.get(shard);
            Outcome again = split(shape, got.getBytes(StandardCharsets.ISO_8859_1), false);
            check(again.refusal.isEmpty() && again.shards.get(shard).equals(got), "dealt out again: " + again);
        }
    }

    private static CopyShape shape(byte choice) {
        Format format = List.of(Format.TEXT, Format.CSV, Format.BINARY).get((choice & 3) % 3);
        boolean csv = format == Format.CSV;
        boolean own = csv && (choice & 4) != 0;
        HashFunction function = HashFunction.even(SHARDS, List.of((choice & 8) == 0 ? KeyType.TEXT : KeyType.INT8));
        return new CopyShape(
                new Placement.Sharded("g", function, List.of("k"), function.keyTypes()),
                List.of((choice >> 4) & 1),
                2,
                format,
                csv ? ',' : '\t',
                csv ? "" : "\\N",
                own ? '\'' : '"',
                own ? '\\' : '"',
                format != Format.BINARY && (choice & 32) != 0 ? Header.MATCH : Header.NONE);
    }

    private static Outcome split(CopyShape shape, byte[] data, boolean inPieces) {
        ByteArrayOutputStream[] shards = new ByteArrayOutputStream[SHARDS];
        Arrays.setAll(shards, _ -> new ByteArrayOutputStream());
        CopySink sink = (shard, rows) -> {
            shards[shard].writeBytes(ByteBufUtil.getBytes(rows));
            rows.release();
        };
        String refusal = "";
        try (CopySplitter splitter = new CopySplitter(shape, UnpooledByteBufAllocator.DEFAULT, LONGEST)) {
            for (int at = 0; at < data.length; ) {
                int size = inPieces ? Math.min(1 + (data[at] & 7), data.length - at) : data.length;
                splitter.data(Unpooled.wrappedBuffer(data, at, size), sink);
                at += size;
            }
            splitter.end(sink);
        } catch (PandoException e) {
            check(e.error() == PandoError.COPY_BAD_DATA, "refused as " + e.error());
            refusal = String.valueOf(e.getMessage());
        }
        return new Outcome(
                Arrays.stream(shards)
                        .map(bytes -> bytes.toString(StandardCharsets.ISO_8859_1))
                        .toList(),
                refusal);
    }

    private static void check(boolean holds, String finding) {
        if (!holds) {
            throw new AssertionError(finding);
        }
    }
}
