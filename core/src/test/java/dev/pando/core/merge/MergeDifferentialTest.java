package dev.pando.core.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.type.Decimal;
import dev.pando.base.type.ScalarType;
import dev.pando.base.type.Value;
import dev.pando.base.wire.RowDescription;
import dev.pando.lab.TemporaryServer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A random table in one PostgreSQL, cut into parts: what the merge makes of the parts' answers must be, byte for byte, what the server
 * answers over the whole, in the text and in the binary format. {@code -Dpando.merge.cases=5000} runs more cases.
 */
class MergeDifferentialTest {
    private static final int CASES = Integer.getInteger("pando.merge.cases", 300);
    private static final long SEED = Long.getLong("pando.seed", 1);

    private static TemporaryServer server;
    private static Connection connection;

    @BeforeAll
    static void start() throws SQLException {
        System.out.println("MergeDifferentialTest -Dpando.seed=" + SEED);
        server = TemporaryServer.start();
        connection = server.connect();
    }

    @AfterAll
    static void stop() throws SQLException {
        connection.close();
        server.close();
    }

    @Test
    void partsMergedAreTheWhole() throws SQLException {
        Random random = new Random(SEED);
        MergeCases cases = new MergeCases(random);
        Answers answers = new Answers(connection);
        for (int i = 0; i < CASES; i++) {
            if (i % 50 == 0) {
                try (Statement statement = connection.createStatement()) {
                    for (String sql : cases.table(1 + random.nextInt(60))) {
                        statement.execute(sql);
                    }
                }
            }
            MergeCases.Case one = random.nextBoolean() ? cases.ordered() : cases.grouped();
            for (short format = 0; format <= 1; format++) {
                RowDescription shardColumns = Answers.columns(one.shardTypes(), format);
                List<String> merged = new ArrayList<>();
                try (Merger merger =
                        new Merger(one.spec(), one.parts(), one.limit(), one.offset(), new Limits(1 << 20))) {
                    merge(merger, one, shardColumns, answers, format, merged);
                }
                List<String> whole = answers.rows(one.wholeSql(), format);
                if (one.spec().order().isEmpty()) {
                    Collections.sort(merged);
                    Collections.sort(whole);
                }
                assertThat(merged)
                        .as("seed %d, case %d, format %d: %s", SEED, i, format, one.wholeSql())
                        .isEqualTo(whole);
            }
        }
    }

    private static void merge(
            Merger merger,
            MergeCases.Case one,
            RowDescription columns,
            Answers answers,
            short format,
            List<String> merged)
            throws SQLException {
        RowSink sink = body -> {
            merged.add(Answers.text(body));
            body.release();
        };
        for (int part = 0; part < one.parts(); part++) {
            merger.columns(part, columns);
            for (ByteBuf body : answers.bodies(one.shardSql().formatted(part), format)) {
                merger.row(part, body);
            }
            merger.end(part);
            merger.drain(sink, 3);
        }
        while (merger.drain(sink, 7) > 0) {
            assertThat(merged.size()).isLessThan(10_000);
        }
        assertThat(merger.finished()).isTrue();
    }

    @Test
    void quotientsHavePostgresScale() throws SQLException {
        Random random = new Random(SEED);
        List<String> dividends = new ArrayList<>();
        List<Long> divisors = new ArrayList<>();
        StringBuilder sql = new StringBuilder("SELECT (a / b)::text, (a + b)::text FROM (VALUES ");
        for (int i = 0; i < 3000; i++) {
            BigDecimal dividend = new BigDecimal(new BigInteger(random.nextInt(100), random), random.nextInt(30));
            dividends.add((random.nextBoolean() ? dividend : dividend.negate()).toPlainString());
            divisors.add((random.nextLong() >>> (1 + random.nextInt(63))) + 1);
            sql.append(i == 0 ? "" : ",")
                    .append("(%s::numeric,%s::numeric)".formatted(dividends.get(i), divisors.get(i)));
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql + ") AS t(a, b)")) {
            for (int i = 0; rows.next(); i++) {
                Decimal dividend = Decimal.of(new BigDecimal(dividends.get(i)));
                assertThat(dividend.dividedBy(divisors.get(i)).text())
                        .as("seed %d: %s / %d", SEED, dividend, divisors.get(i))
                        .isEqualTo(rows.getString(1));
                assertThat(dividend.plus(Decimal.of(divisors.get(i))).text()).isEqualTo(rows.getString(2));
            }
        }
    }

    @Test
    void floatsLookAsPostgresWritesThem() throws SQLException {
        Random random = new Random(SEED);
        List<Double> doubles = new ArrayList<>(List.of(
                0.0,
                -0.0,
                1e15,
                1e14,
                123456789012345.0,
                1e-4,
                1e-5,
                4.9e-324,
                1e23,
                9007199254740992.0,
                2e-323,
                5e22,
                1e22,
                Double.MAX_VALUE,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY));
        for (int power = -1074; power < 1024; power++) {
            doubles.add(Math.scalb(1.0, power));
        }
        for (int i = 0; i < 3000; i++) {
            doubles.add(Double.longBitsToDouble(random.nextLong()));
            doubles.add((double) random.nextInt(100_000) / 100);
        }
        StringBuilder sql = new StringBuilder(
                "SELECT float8send(f)::text, f::text, f4::text FROM ("
                        + "SELECT f, CASE WHEN abs(f) BETWEEN 1e-37 AND 1e38 OR f = 0 THEN f::float4 ELSE 1 END AS f4 FROM unnest('{");
        for (int i = 0; i < doubles.size(); i++) {
            sql.append(i == 0 ? "" : ",").append(doubles.get(i));
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql + "}'::float8[]) AS f) t")) {
            for (int i = 0; rows.next(); i++) {
                double value = doubles.get(i);
                assertThat(encoded(ScalarType.FLOAT8, value)).isEqualTo(value == 0 ? "0" : rows.getString(2));
                boolean fits = (Math.abs(value) >= 1e-37 && Math.abs(value) <= 1e38) || value == 0;
                String real = encoded(ScalarType.FLOAT4, fits ? (float) value : 1);
                assertThat(real).isEqualTo(value == 0 ? "0" : rows.getString(3));
            }
        }
    }

    private static String encoded(ScalarType type, double value) {
        ByteBuf out = Unpooled.buffer();
        type.encode(new Value.Real(value), (short) 0, out);
        return out.toString(StandardCharsets.US_ASCII);
    }
}
