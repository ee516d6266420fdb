package dev.pando.acceptance;

import static dev.pando.acceptance.Jdbc.execute;
import static dev.pando.acceptance.Jdbc.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.wire.Field;
import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.base.wire.RowDescription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Types of users have another OID on each shard; clients see home's, in descriptions and inside values. */
class UserTypesTest {
    private static final short[] BINARY = {1};
    private static final int IDS = 9;
    private static final String COLUMNS = "m, ms, p, ps, d, r";

    @BeforeAll
    static void createTypes() throws SQLException {
        for (int shard = 1; shard < Shared.SHARDS; shard++) {
            try (Connection direct = Shared.pando().direct(shard)) {
                for (int i = 0; i < 7 * shard; i++) {
                    execute(direct, "CREATE TYPE waste AS ENUM ('x')", "DROP TYPE waste");
                }
            }
        }
        try (Connection connection = Shared.pando().connect()) {
            execute(
                    connection,
                    "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
                    "CREATE TYPE pair AS (n int, m mood)",
                    "CREATE DOMAIN cheerful AS mood[] CHECK (NOT 'sad' = ANY (VALUE))",
                    "CREATE TYPE moods AS RANGE (subtype = mood)",
                    "CREATE TABLE typed (id int PRIMARY KEY, m mood, ms mood[], p pair, ps pair[], d cheerful, r moods)",
                    "SELECT pando.distribute('typed', 'id')");
            for (int id = 1; id <= IDS; id++) {
                execute(
                        connection,
                        "INSERT INTO typed VALUES (" + id
                                + ", 'ok', '{sad,happy}', '(1,ok)', '{\"(2,sad)\"}', '{ok}', '[sad,ok]')");
            }
        }
    }

    @AfterAll
    static void dropTypes() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            execute(connection, "DROP TABLE typed", "DROP DOMAIN cheerful", "DROP TYPE moods, pair, mood");
        }
    }

    private static int home(String type) throws SQLException {
        try (Connection direct = Shared.pando().direct(0)) {
            return Integer.parseInt(
                    list(direct, "SELECT '" + type + "'::regtype::oid").getFirst());
        }
    }

    private static List<Integer> columnTypes() throws SQLException {
        return List.of(home("mood"), home("mood[]"), home("pair"), home("pair[]"), home("mood[]"), home("moods"));
    }

    @Test
    void shardsNumberThemDifferently() throws SQLException {
        try (Connection direct = Shared.pando().direct(2)) {
            assertThat(list(direct, "SELECT 'mood'::regtype::oid")).doesNotContain("" + home("mood"));
        }
    }

    @Test
    void rowsOfOneShardNameHomesTypes() throws IOException, SQLException {
        try (Wire wire = new Wire()) {
            String sql = "SELECT " + COLUMNS + " FROM typed WHERE id = $1";
            wire.send(new FrontendMessage.Parse("s", bytes(sql), new int[0]));
            for (int id = 1; id <= IDS; id++) {
                wire.execute("s", List.of(bytes("" + id)), id % 2 == 0);
                wire.answers();
                if (id % 2 == 0) {
                    assertThat(wire.types()).isEqualTo(columnTypes());
                }
                requireHomesNumbers(wire.rows.getFirst());
            }
        }
    }

    @Test
    void rowsOfOneShardNameHomesTypesThoughNobodyAskedForColumns() throws IOException, SQLException {
        try (Wire wire = new Wire()) {
            for (int id = 1; id <= IDS; id++) {
                String sql = "SELECT " + COLUMNS + " FROM typed WHERE id = $1";
                wire.send(new FrontendMessage.Parse("", bytes(sql), new int[0]));
                wire.execute("", List.of(bytes("" + id)), false);
                wire.answers();
                requireHomesNumbers(wire.rows.getFirst());
            }
        }
    }

    @Test
    void rowsOfSeveralShardsAreMerged() throws IOException, SQLException {
        try (Wire wire = new Wire()) {
            wire.send(
                    new FrontendMessage.Parse("", bytes("SELECT " + COLUMNS + " FROM typed ORDER BY id"), new int[0]));
            wire.execute("", List.of(), true);
            wire.answers();
            assertThat(wire.types()).isEqualTo(columnTypes());
            assertThat(wire.rows).hasSizeGreaterThanOrEqualTo(IDS);
            for (List<byte @Nullable []> row : wire.rows) {
                requireHomesNumbers(row);
            }
        }
    }

    @Test
    void returnedRowsOfSeveralShardsNameHomesTypes() throws IOException, SQLException {
        try (Wire wire = new Wire()) {
            wire.send(new FrontendMessage.Parse("", bytes("UPDATE typed SET m = m RETURNING " + COLUMNS), new int[0]));
            wire.execute("", List.of(), true);
            wire.answers();
            assertThat(wire.types()).isEqualTo(columnTypes());
            for (List<byte @Nullable []> row : wire.rows) {
                requireHomesNumbers(row);
            }
        }
    }

    @Test
    void parametersAreBroughtToTheShardsNumbers() throws IOException, SQLException {
        for (int declared : List.of(home("mood[]"), 0)) {
            try (Wire wire = new Wire()) {
                wire.send(new FrontendMessage.Parse(
                        "u", bytes("UPDATE typed SET ms = $2 WHERE id = $1 RETURNING ms::text"), new int[] {23, declared
                        }));
                for (int id = 1; id <= IDS; id++) {
                    byte[] array = array(home("mood"), "happy", "sad");
                    wire.send(new FrontendMessage.Bind("", "u", BINARY, List.of(number(id), array), new short[0]));
                    wire.send(new FrontendMessage.Execute("", 0));
                    wire.send(new FrontendMessage.Sync());
                    wire.answers();
                    assertThat(text(wire.rows.getFirst().getFirst())).isEqualTo("{happy,sad}");
                }
                execute(Shared.pando().connect(), "UPDATE typed SET ms = '{sad,happy}'");
            }
        }
    }

    @Test
    void parametersOfSeveralShardsToo() throws IOException, SQLException {
        try (Wire wire = new Wire()) {
            wire.send(new FrontendMessage.Parse(
                    "", bytes("SELECT count(*) FROM typed WHERE m = ANY ($1)"), new int[] {home("mood[]")}));
            wire.send(new FrontendMessage.Bind("", "", BINARY, List.of(array(home("mood"), "ok")), new short[0]));
            wire.send(new FrontendMessage.Execute("", 0));
            wire.send(new FrontendMessage.Sync());
            wire.answers();
            assertThat(text(wire.rows.getFirst().getFirst())).isEqualTo("" + IDS);
        }
    }

    @Test
    void describedParametersHaveHomesTypes() throws IOException, SQLException {
        try (Wire wire = new Wire()) {
            for (int id = 1; id <= IDS; id++) {
                String sql = "UPDATE typed SET m = $1, ps = $2 WHERE id = " + id;
                wire.send(new FrontendMessage.Parse("", bytes(sql), new int[0]));
                wire.send(new FrontendMessage.Describe('S', ""));
                wire.send(new FrontendMessage.Sync());
                wire.answers();
                assertThat(wire.parameters).containsExactly(home("mood"), home("pair[]"));
            }
        }
    }

    @Test
    void aTypeThatNobodyKnowsIsRefused() throws IOException {
        try (Wire wire = new Wire()) {
            for (int id = 1; id <= 3; id++) {
                wire.send(new FrontendMessage.Parse(
                        "", bytes("UPDATE typed SET m = $1 WHERE id = " + id), new int[] {999_999}));
                wire.send(new FrontendMessage.Sync());
                String error = wire.answers();
                assertThat(error).isNotNull().contains("999999");
            }
        }
    }

    @Test
    void aTypeMadePastPandoIsFoundWhenItAppears() throws IOException, SQLException {
        for (int shard = 0; shard < Shared.SHARDS; shard++) {
            try (Connection direct = Shared.pando().direct(shard)) {
                execute(direct, "CREATE TYPE public.late AS ENUM ('a')");
            }
        }
        try (Wire wire = new Wire()) {
            for (int id = 1; id <= IDS; id++) {
                wire.send(new FrontendMessage.Query(bytes("SELECT 'a'::late FROM typed WHERE id = " + id)));
                assertThat(wire.answers()).isNull();
                assertThat(wire.types()).containsExactly(home("late"));
            }
        } finally {
            for (int shard = 0; shard < Shared.SHARDS; shard++) {
                try (Connection direct = Shared.pando().direct(shard)) {
                    execute(direct, "DROP TYPE public.late");
                }
            }
        }
    }

    @Test
    void aTypeThatHomeLacksIsRefused() throws IOException, SQLException {
        for (int shard = 1; shard < Shared.SHARDS; shard++) {
            try (Connection direct = Shared.pando().direct(shard)) {
                execute(direct, "CREATE TYPE public.astray AS ENUM ('a')");
            }
        }
        try (Wire wire = new Wire()) {
            List<@Nullable String> errors = new ArrayList<>();
            for (int id = 1; id <= IDS; id++) {
                wire.send(new FrontendMessage.Query(bytes("SELECT 'a'::astray FROM typed WHERE id = " + id)));
                errors.add(wire.answers());
            }
            // Home itself does not know the name, the others are not to answer with it.
            assertThat(errors).doesNotContainNull().anyMatch(error -> error.contains("is not one that"));
        } finally {
            for (int shard = 1; shard < Shared.SHARDS; shard++) {
                try (Connection direct = Shared.pando().direct(shard)) {
                    execute(direct, "DROP TYPE public.astray");
                }
            }
        }
    }

    @Test
    void pgjdbcReadsThemOfAnyShard() throws SQLException {
        try (Connection connection = Shared.pando().connect("prepareThreshold=-1", "binaryTransfer=true");
                PreparedStatement select =
                        connection.prepareStatement("SELECT ms, p, m FROM typed WHERE id = ? AND m = ?::mood")) {
            for (int id = 1; id <= IDS; id++) {
                select.setInt(1, id);
                select.setString(2, "ok");
                try (ResultSet row = select.executeQuery()) {
                    assertThat(row.next()).isTrue();
                    assertThat((Object[]) row.getArray(1).getArray()).containsExactly("sad", "happy");
                    assertThat(row.getObject(2)).hasToString("(1,ok)");
                    assertThat(row.getMetaData().getColumnTypeName(1)).isEqualTo("_mood");
                    assertThat(row.getMetaData().getColumnTypeName(3)).isEqualTo("mood");
                }
            }
        }
    }

    @Test
    void binaryCopyIsRefusedWhereTextServes() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            for (String copy : List.of("typed", "(SELECT ms FROM typed WHERE id = 3)")) {
                assertThatThrownBy(() -> execute(connection, "COPY " + copy + " TO STDOUT (FORMAT binary)"))
                        .hasMessageContaining("in binary");
            }
        }
    }

    @Test
    void columnsComeFromHomesTables() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            for (int id = 1; id <= IDS; id++) {
                try (PreparedStatement select = connection.prepareStatement("SELECT m FROM typed WHERE id = " + id);
                        ResultSet rows = select.executeQuery()) {
                    // pgjdbc looks the table up by its OID, at home.
                    assertThat(rows.getMetaData().getTableName(1)).isEqualTo("typed");
                    assertThat(rows.next()).isTrue();
                }
            }
        }
        assertThatThrownBy(() -> home("typo")).isInstanceOf(SQLException.class);
    }

    /** {@code ok, {sad,happy}, (1,ok), {"(2,sad)"}, {ok}, [sad,ok]} in binary. */
    private static void requireHomesNumbers(List<byte @Nullable []> row) throws SQLException {
        assertThat(text(row.getFirst())).isEqualTo("ok");
        assertThat(buffer(row.get(1)).getInt(8)).isEqualTo(home("mood"));
        requirePair(buffer(row.get(2)), "ok");
        ByteBuf pairs = buffer(row.get(3));
        assertThat(pairs.getInt(8)).isEqualTo(home("pair"));
        int length = pairs.getInt(20);
        requirePair(pairs.slice(24, length), "sad");
        assertThat(buffer(row.get(4)).getInt(8)).isEqualTo(home("mood"));
    }

    private static void requirePair(ByteBuf pair, String mood) throws SQLException {
        assertThat(pair.readInt()).isEqualTo(2);
        assertThat(pair.readInt()).isEqualTo(23);
        pair.skipBytes(pair.readInt());
        assertThat(pair.readInt()).isEqualTo(home("mood"));
        assertThat(pair.readInt()).isEqualTo(mood.length());
        assertThat(pair.toString(StandardCharsets.UTF_8)).isEqualTo(mood);
    }

    private static ByteBuf buffer(byte @Nullable [] value) {
        return Unpooled.wrappedBuffer(value == null ? new byte[0] : value);
    }

    private static byte[] number(int value) {
        return new byte[] {0, 0, 0, (byte) value};
    }

    private static byte[] array(int type, String... values) {
        ByteBuf out = Unpooled.buffer();
        out.writeInt(1).writeInt(0).writeInt(type).writeInt(values.length).writeInt(1);
        for (String value : values) {
            out.writeInt(value.length()).writeBytes(bytes(value));
        }
        byte[] array = new byte[out.readableBytes()];
        out.readBytes(array);
        return array;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte @Nullable [] value) {
        return new String(value == null ? new byte[0] : value, StandardCharsets.UTF_8);
    }

    /** A client that keeps what it was answered last. */
    private static final class Wire implements AutoCloseable {
        private final RawClient client = new RawClient(Shared.pando().port()).login();
        private final List<List<byte @Nullable []>> rows = new ArrayList<>();
        private final List<Integer> parameters = new ArrayList<>();
        private @Nullable RowDescription columns;

        Wire() throws IOException {}

        void send(FrontendMessage message) throws IOException {
            ByteBuf out = Unpooled.buffer();
            FrontendCodec.encode(message, out);
            client.send(out);
        }

        /** Bind with text parameters and binary results, up to Sync. */
        void execute(String statement, List<byte @Nullable []> values, boolean describe) throws IOException {
            send(new FrontendMessage.Bind("", statement, new short[0], values, BINARY));
            if (describe) {
                send(new FrontendMessage.Describe('P', ""));
            }
            send(new FrontendMessage.Execute("", 0));
            send(new FrontendMessage.Sync());
        }

        List<Integer> types() {
            RowDescription described = columns;
            return described == null
                    ? List.of()
                    : described.fields().stream().map(Field::typeOid).toList();
        }

        /** Reads up to ReadyForQuery; the error, if there was one. */
        @Nullable
        String answers() throws IOException {
            rows.clear();
            parameters.clear();
            columns = null;
            String error = null;
            for (RawClient.Message message = client.read(); message.type() != 'Z'; message = client.read()) {
                ByteBuf body = Unpooled.wrappedBuffer(message.body());
                switch (message.type()) {
                    case 'T' -> columns = RowDescription.decode(body, "Pando");
                    case 't' -> {
                        for (int left = body.readShort(); left > 0; left--) {
                            parameters.add(body.readInt());
                        }
                    }
                    case 'D' -> rows.add(row(body));
                    case 'E' -> error = text(message.body());
                    default -> {
                        // not looked at
                    }
                }
            }
            return error;
        }

        private static List<byte @Nullable []> row(ByteBuf body) {
            List<byte @Nullable []> values = new ArrayList<>();
            for (int left = body.readShort(); left > 0; left--) {
                int length = body.readInt();
                byte[] value = length < 0 ? null : new byte[length];
                if (value != null) {
                    body.readBytes(value);
                }
                values.add(value);
            }
            return values;
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
