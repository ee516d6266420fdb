package dev.pando.core.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.core.route.CopyShape;
import dev.pando.core.route.CopyShape.Format;
import dev.pando.core.route.CopyShape.Header;
import dev.pando.core.shard.HashFunction;
import dev.pando.core.shard.Key;
import dev.pando.core.shard.KeyType;
import dev.pando.core.topology.Placement;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopySplitterTest {
    private static final int SHARDS = 3;
    private static final int LONGEST = 10_000;
    private static final HashFunction BY_TEXT = HashFunction.even(SHARDS, List.of(KeyType.TEXT));
    private static final HashFunction BY_NUMBER = HashFunction.even(SHARDS, List.of(KeyType.INT8));

    private static CopyShape shape(Format format, HashFunction function, int keyField, int fields, Header header) {
        boolean csv = format == Format.CSV;
        return new CopyShape(
                new Placement.Sharded("g", function, List.of("k"), function.keyTypes()),
                List.of(keyField),
                fields,
                format,
                csv ? ',' : '\t',
                csv ? "" : "\\N",
                '"',
                '"',
                header);
    }

    /** What each shard got when {@code data} came in chunks of {@code chunk} bytes. */
    private static String[] split(CopyShape shape, byte[] data, int chunk) {
        ByteArrayOutputStream[] shards = new ByteArrayOutputStream[SHARDS];
        Arrays.setAll(shards, _ -> new ByteArrayOutputStream());
        CopySink sink = (shard, rows) -> {
            shards[shard].writeBytes(ByteBufUtil.getBytes(rows));
            rows.release();
        };
        try (CopySplitter splitter = new CopySplitter(shape, UnpooledByteBufAllocator.DEFAULT, LONGEST)) {
            for (int at = 0; at < data.length; at += chunk) {
                splitter.data(Unpooled.wrappedBuffer(data, at, Math.min(chunk, data.length - at)), sink);
            }
            splitter.end(sink);
        }
        return Arrays.stream(shards)
                .map(bytes -> bytes.toString(StandardCharsets.ISO_8859_1))
                .toArray(String[]::new);
    }

    private static String[] split(CopyShape shape, String data) {
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        String[] whole = split(shape, bytes, Math.max(1, bytes.length));
        for (int chunk = 1; chunk < bytes.length; chunk++) {
            assertThat(split(shape, bytes, chunk)).as("chunks of %d", chunk).isEqualTo(whole);
        }
        return Arrays.stream(whole)
                .map(text -> new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .toArray(String[]::new);
    }

    private static String[] expected(String everywhere, List<String> keys, List<String> rows) {
        String[] shards = new String[SHARDS];
        Arrays.fill(shards, everywhere);
        for (int i = 0; i < keys.size(); i++) {
            shards[BY_TEXT.shardOf(new Key.Text(keys.get(i)))] += rows.get(i);
        }
        return shards;
    }

    @Test
    void textRowsGoByTheirUnescapedKey() {
        List<String> rows =
                List.of("1\ta\\tb\n", "2\t\\\\N\n", "3\té\\\nx\n", "4\t\\x41\\101\\q\n", "5\t\n", "6\tlast");
        assertThat(split(shape(Format.TEXT, BY_TEXT, 1, 2, Header.NONE), String.join("", rows)))
                .isEqualTo(expected("", List.of("a\tb", "\\N", "é\nx", "AAq", "", "last"), rows));
    }

    @Test
    void longKeysWithEscapesAreReadWhole() {
        String key = "long".repeat(100);
        List<String> rows = List.of("1\t" + key + "\\n\n", "2\t" + key + key + "\\t\n");
        assertThat(split(shape(Format.TEXT, BY_TEXT, 1, 2, Header.NONE), String.join("", rows)))
                .isEqualTo(expected("", List.of(key + "\n", key + key + "\t"), rows));
    }

    @Test
    void theTextEndMarkerEndsTheData() {
        assertThat(split(shape(Format.TEXT, BY_TEXT, 0, 1, Header.NONE), "a\n\\.\nb\n"))
                .isEqualTo(expected("", List.of("a"), List.of("a\n")));
        assertThatThrownBy(() -> split(shape(Format.TEXT, BY_TEXT, 0, 1, Header.NONE), "a\nb\\.\n"))
                .hasMessageContaining("row 2: end-of-copy marker");
    }

    @Test
    void csvRowsMayHoldLineEndsAndQuotes() {
        List<String> rows = List.of("a,1\r\n", "\"b\r\n\"\"c\",\"x,\"\r\n", "\"\",\r\n", "d\"e,f\"g,2\r\n");
        assertThat(split(shape(Format.CSV, BY_TEXT, 0, 2, Header.MATCH), "k,\"v\r\n\"\r\n" + String.join("", rows)))
                .isEqualTo(expected("k,\"v\r\n\"\r\n", List.of("a", "b\r\n\"c", "", "de,fg"), rows));
    }

    @Test
    void csvMayHaveItsOwnQuoteAndEscape() {
        CopyShape own = new CopyShape(
                new Placement.Sharded("g", BY_TEXT, List.of("k"), BY_TEXT.keyTypes()),
                List.of(1),
                2,
                Format.CSV,
                '|',
                "null",
                '\'',
                '\\',
                Header.NONE);
        List<String> rows = List.of("'|\\'\\\\\n'|'a\\'b\\\\'\r", "2|'null'\r", "3|x\\y\r");
        assertThatThrownBy(() -> split(own, "1|null\r")).hasMessageContaining("row 1: null value in the sharding key");
        assertThat(split(own, String.join("", rows))).isEqualTo(expected("", List.of("a'b\\", "null", "x\\y"), rows));
    }

    @Test
    void binaryTuplesGetHeaderAndTrailerOnEachShard() {
        ByteBuf data = Unpooled.buffer();
        data.writeBytes(BinaryRows.SIGNATURE).writeInt(0).writeInt(3).writeBytes(new byte[] {1, 2, 3});
        byte[] header = ByteBufUtil.getBytes(data);
        ByteBuf[] shards = new ByteBuf[SHARDS];
        Arrays.setAll(shards, _ -> Unpooled.buffer().writeBytes(header));
        for (long key = -5; key < 20; key++) {
            ByteBuf tuple =
                    Unpooled.buffer().writeShort(2).writeInt(-1).writeInt(8).writeLong(key);
            data.writeBytes(tuple.duplicate());
            shards[BY_NUMBER.shardOf(new Key.Int(key))].writeBytes(tuple);
        }
        data.writeShort(-1);
        String[] expected = Arrays.stream(shards)
                .map(shard -> shard.writeShort(-1).toString(StandardCharsets.ISO_8859_1))
                .toArray(String[]::new);
        byte[] bytes = ByteBufUtil.getBytes(data);
        for (int chunk = 1; chunk <= bytes.length; chunk++) {
            assertThat(split(shape(Format.BINARY, BY_NUMBER, 1, 2, Header.NONE), bytes, chunk))
                    .as("chunks of %d", chunk)
                    .isEqualTo(expected);
        }
    }

    @Test
    void nothingMayFollowTheBinaryTrailer() {
        ByteBuf data = Unpooled.buffer().writeBytes(BinaryRows.SIGNATURE).writeLong(0);
        byte[] bytes = ByteBufUtil.getBytes(data.writeShort(-1).writeByte(0));
        for (int chunk = 1; chunk <= bytes.length; chunk++) {
            int size = chunk;
            assertThatThrownBy(() -> split(shape(Format.BINARY, BY_NUMBER, 1, 2, Header.NONE), bytes, size))
                    .as("chunks of %d", chunk)
                    .hasMessageContaining("row 1: received copy data after EOF marker");
        }
    }

    @Test
    void badDataIsNamedWithItsRow() {
        CopyShape text = shape(Format.TEXT, BY_NUMBER, 1, 2, Header.NONE);
        assertThatThrownBy(() -> split(text, "1\t1\n2\n"))
                .hasMessageContaining("row 2: it ends before its sharding key");
        assertThatThrownBy(() -> split(text, "1\t1\n2\tx\n"))
                .hasMessageContaining("row 2: ")
                .hasMessageContaining("invalid input syntax");
        assertThatThrownBy(() -> split(text, "1\t\\N\n")).hasMessageContaining("row 1: null value");
        assertThatThrownBy(() -> split(text, "1\t1\n2\t2\r\n")).hasMessageContaining("literal carriage return");
        assertThatThrownBy(() -> split(text, "1\t1\r\n2\t2\n")).hasMessageContaining("literal newline");
        CopyShape csv = shape(Format.CSV, BY_TEXT, 0, 1, Header.NONE);
        assertThatThrownBy(() -> split(csv, "a\n\"b\n")).hasMessageContaining("row 2: unterminated CSV quoted field");
        assertThatThrownBy(() -> split(csv, "a\n\\.\n")).hasMessageContaining("row 2: end-of-copy marker");
        CopyShape binary = shape(Format.BINARY, BY_NUMBER, 1, 2, Header.NONE);
        assertThatThrownBy(() -> split(binary, "PGCOPX")).hasMessageContaining("signature");
        assertThatThrownBy(() -> split(binary, "")).hasMessageContaining("signature");
    }

    @Test
    void endlessRowsAreRefusedEarly() {
        for (Format format : List.of(Format.TEXT, Format.CSV)) {
            try (CopySplitter splitter = new CopySplitter(
                    shape(format, BY_TEXT, 0, 1, Header.NONE), UnpooledByteBufAllocator.DEFAULT, LONGEST)) {
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 100; i++) {
                                splitter.data(Unpooled.wrappedBuffer(new byte[1000]), (_, rows) -> rows.release());
                            }
                        })
                        .hasMessageContaining("row 1: it is longer than 10000 bytes");
            }
        }
        ByteBuf huge = Unpooled.buffer().writeBytes(BinaryRows.SIGNATURE).writeLong(0);
        huge.writeShort(2).writeInt(2_000_000_000);
        byte[] bytes = ByteBufUtil.getBytes(huge);
        assertThatThrownBy(() -> split(shape(Format.BINARY, BY_NUMBER, 1, 2, Header.NONE), bytes, bytes.length))
                .hasMessageContaining("row 1: it is longer than 10000 bytes");
    }
}
