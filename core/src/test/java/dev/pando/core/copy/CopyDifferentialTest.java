package dev.pando.core.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.error.PandoException;
import dev.pando.core.route.CopyShape;
import dev.pando.core.route.CopyShape.Format;
import dev.pando.core.route.CopyShape.Header;
import dev.pando.core.shard.HashFunction;
import dev.pando.core.shard.KeyType;
import dev.pando.core.shard.ShardingFunction;
import dev.pando.core.topology.Placement;
import dev.pando.lab.TemporaryServer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * What a real server's COPY TO writes is split, and loaded into one table per shard, each with the sharding function's CHECK: PostgreSQL
 * itself decides whether the rows are intact and in the right place. Then the tables are copied out, joined, and loaded once more.
 */
class CopyDifferentialTest {
    private static final long SEED = Long.getLong("pando.seed", 1);
    private static final int SHARDS = 3;
    private static final int LONGEST = 1 << 20;
    private static final List<String> PIECES = List.of(
            "",
            "a",
            "\t",
            "\n",
            "\r",
            "\r\n",
            "\\",
            "\\.",
            "\\N",
            "\"",
            "'",
            ",",
            ";",
            "|",
            " ",
            "é",
            "😀",
            "x\u00a0y",
            "NULL",
            "null",
            "\u0001",
            "\b",
            "\f",
            "\u000b",
            "\\n",
            "\"\"",
            "\\\"");
    // The text format does not escape a value that looks like its null text, so that must not come up.
    private static final List<Way> WAYS = List.of(
            new Way("FORMAT text", Format.TEXT, '\t', "\\N", '"', '"', Header.NONE),
            new Way(
                    "FORMAT text, DELIMITER '|', NULL '<none>', HEADER",
                    Format.TEXT,
                    '|',
                    "<none>",
                    '"',
                    '"',
                    Header.SKIP),
            new Way("FORMAT csv", Format.CSV, ',', "", '"', '"', Header.NONE),
            new Way("FORMAT csv, HEADER, FORCE_QUOTE *", Format.CSV, ',', "", '"', '"', Header.MATCH),
            new Way(
                    "FORMAT csv, DELIMITER ';', QUOTE '''', ESCAPE '\\', NULL 'null', HEADER",
                    Format.CSV,
                    ';',
                    "null",
                    '\'',
                    '\\',
                    Header.SKIP),
            new Way("FORMAT binary", Format.BINARY, '\t', "\\N", '"', '"', Header.NONE));

    private static TemporaryServer server;
    private static Connection connection;
    private static CopyManager copy;

    private record Way(
            String options, Format format, char delimiter, String nullText, char quote, char escape, Header header) {
        CopyShape shape(ShardingFunction function, List<Integer> keyFields) {
            Placement.Sharded placement = new Placement.Sharded("g", function, List.of("k"), function.keyTypes());
            return new CopyShape(placement, keyFields, 4, format, delimiter, nullText, quote, escape, header);
        }

        /** COPY FROM knows no FORCE_QUOTE, COPY TO no HEADER MATCH. */
        String in() {
            String options = this.options.replace(", FORCE_QUOTE *", "");
            return header == Header.MATCH ? options.replace("HEADER", "HEADER MATCH") : options;
        }
    }

    private record Keys(HashFunction function, List<Integer> fields, List<String> columns) {}

    private static final List<Keys> KEYS = List.of(
            new Keys(HashFunction.even(SHARDS, List.of(KeyType.INT8)), List.of(1), List.of("n")),
            new Keys(HashFunction.even(SHARDS, List.of(KeyType.TEXT)), List.of(2), List.of("k")),
            new Keys(HashFunction.even(SHARDS, List.of(KeyType.TEXT, KeyType.INT8)), List.of(2, 1), List.of("k", "n")),
            new Keys(HashFunction.even(SHARDS, List.of(KeyType.UUID)), List.of(3), List.of("u")));

    @BeforeAll
    static void start() throws SQLException {
        System.out.println("CopyDifferentialTest -Dpando.seed=" + SEED);
        server = TemporaryServer.start();
        connection = server.connect();
        copy = connection.unwrap(PGConnection.class).getCopyAPI();
    }

    @AfterAll
    static void stop() throws SQLException {
        connection.close();
        server.close();
    }

    private static void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static String nasty(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static void fill(Random random, int rows) throws SQLException {
        execute("DROP TABLE IF EXISTS original");
        execute("CREATE TABLE original (a text, n bigint, k text, u uuid)");
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO original VALUES (?, ?, ?, gen_random_uuid())")) {
            for (int i = 0; i < rows; i++) {
                insert.setString(1, random.nextInt(4) == 0 ? null : nasty(random));
                insert.setLong(2, random.nextLong() >> random.nextInt(64));
                insert.setString(3, nasty(random));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Test
    void everyRowReachesItsShardIntact() throws SQLException, IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 4; round++) {
            fill(random, round == 3 ? 3000 : 1 + random.nextInt(40));
            for (Way way : WAYS) {
                ByteArrayOutputStream data = new ByteArrayOutputStream();
                copy.copyOut("COPY original TO STDOUT WITH (" + way.options + ")", data);
                for (Keys keys : KEYS) {
                    String what = "seed %d, round %d, %s by %s".formatted(SEED, round, way.options, keys.columns);
                    checkSplit(way, keys, data.toByteArray(), round < 3, random, what);
                    checkJoin(way, what);
                }
            }
        }
    }

    private static void checkSplit(Way way, Keys keys, byte[] data, boolean everyChunkSize, Random random, String what)
            throws SQLException, IOException {
        CopyShape shape = way.shape(keys.function, keys.fields);
        byte[][] whole = split(shape, data, null, data.length);
        byte[][] cut = split(shape, data, random, 200);
        for (int shard = 0; shard < SHARDS; shard++) {
            assertThat(cut[shard]).as(what).isEqualTo(whole[shard]);
        }
        for (int size = 1; everyChunkSize && size < 30; size++) {
            assertThat(split(shape, data, null, size)).as(what).isDeepEqualTo(whole);
        }
        for (int shard = 0; shard < SHARDS; shard++) {
            execute("DROP TABLE IF EXISTS part" + shard);
            execute("CREATE TABLE part%d (LIKE original, CHECK (%s))"
                    .formatted(shard, keys.function.checkSql(shard, keys.columns)));
            copy.copyIn(
                    "COPY part" + shard + " FROM STDIN WITH (" + way.in() + ")",
                    new ByteArrayInputStream(whole[shard]));
        }
        assertSame("(SELECT * FROM part0 UNION ALL SELECT * FROM part1 UNION ALL SELECT * FROM part2)", what);
    }

    private static void assertSame(String rows, String what) throws SQLException {
        assertThat(number("SELECT count(*) FROM ((SELECT * FROM original EXCEPT ALL SELECT * FROM " + rows
                        + " p) UNION ALL (SELECT * FROM " + rows + " p EXCEPT ALL SELECT * FROM original)) d"))
                .as(what)
                .isZero();
    }

    private static byte[][] split(CopyShape shape, byte[] data, @Nullable Random random, int size) {
        ByteArrayOutputStream[] shards = new ByteArrayOutputStream[SHARDS];
        Arrays.setAll(shards, _ -> new ByteArrayOutputStream());
        CopySink sink = (shard, rows) -> {
            shards[shard].writeBytes(ByteBufUtil.getBytes(rows));
            rows.release();
        };
        try (CopySplitter splitter = new CopySplitter(shape, UnpooledByteBufAllocator.DEFAULT, LONGEST)) {
            int at = 0;
            while (at < data.length) {
                int chunk = Math.min(random == null ? size : random.nextInt(size), data.length - at);
                splitter.data(Unpooled.wrappedBuffer(data, at, chunk), sink);
                at += chunk;
            }
            splitter.end(sink);
        }
        return Arrays.stream(shards).map(ByteArrayOutputStream::toByteArray).toArray(byte[][]::new);
    }

    /** Copies the parts out, as the shards would, and loads the joined data. */
    private static void checkJoin(Way way, String what) throws SQLException, IOException {
        CopyMerger merger = new CopyMerger(way.shape(KEYS.getFirst().function, List.of(0)), SHARDS);
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (int shard = 0; shard < SHARDS; shard++) {
            CopyOut out = copy.copyOut("COPY part" + shard + " TO STDOUT WITH (" + way.options + ")");
            for (byte[] piece = out.readFromCopy(); piece != null; piece = out.readFromCopy()) {
                ByteBuf payload = Unpooled.wrappedBuffer(piece);
                merger.data(shard, payload, passed -> {
                    joined.writeBytes(ByteBufUtil.getBytes(passed));
                    passed.release();
                });
                assertThat(payload.refCnt()).isZero();
            }
        }
        joined.writeBytes(merger.end());
        execute("DROP TABLE IF EXISTS joined");
        execute("CREATE TABLE joined (LIKE original)");
        copy.copyIn("COPY joined FROM STDIN WITH (" + way.in() + ")", new ByteArrayInputStream(joined.toByteArray()));
        assertSame("joined", what);
    }

    /** Garbage ends in a named error or is passed on to the servers, which refuse it; it never hangs or grows. */
    @Test
    void garbageIsRefusedOrPassedOn() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2000; i++) {
            Way way = WAYS.get(random.nextInt(WAYS.size()));
            Keys keys = KEYS.get(random.nextInt(KEYS.size()));
            byte[] data = new byte[random.nextInt(200)];
            random.nextBytes(data);
            if (way.format == Format.BINARY && random.nextBoolean() && data.length > 30) {
                System.arraycopy(BinaryRows.SIGNATURE, 0, data, 0, BinaryRows.SIGNATURE.length);
                Arrays.fill(data, BinaryRows.SIGNATURE.length, 20, (byte) 0);
                data[20] = 4;
            }
            try {
                split(way.shape(keys.function, keys.fields), data, random, 20);
            } catch (PandoException e) {
                assertThat(e).as("seed %d, case %d", SEED, i).hasMessageContaining("PD3013");
            }
        }
    }
}
