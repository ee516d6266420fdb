package dev.pando.lab.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class BtreePagesTest {
    private static final int PAGE = 8192;

    @Test
    void checksumsAreTheServers() throws SQLException, IOException {
        try (TemporaryServer server = TemporaryServer.start();
                Connection connection = server.connect()) {
            assertThat(Sql.one(connection, "SHOW data_checksums")).isEqualTo("on");
            Sql.run(
                    connection,
                    "CREATE TABLE t AS SELECT n, md5(n::text) FROM generate_series(1, 1000) n",
                    "CHECKPOINT");
            Path file = Path.of(Sql.one(connection, "SHOW data_directory"))
                    .resolve(Sql.one(connection, "SELECT pg_relation_filepath('t')"));
            byte[] bytes = Files.readAllBytes(file);
            assertThat(bytes.length / PAGE).isGreaterThan(5);
            for (int block = 0; block < bytes.length / PAGE; block++) {
                ByteBuffer page =
                        ByteBuffer.wrap(bytes, block * PAGE, PAGE).slice().order(ByteOrder.LITTLE_ENDIAN);
                boolean used = page.getShort(14) != 0; // files grow by more pages than are needed at once
                if (used) {
                    assertThat(PageChecksum.of(page, block)).isEqualTo(PageChecksum.stored(page));
                }
            }
        }
    }

    @Test
    void heightsAreThoseOfRealIndexes() {
        assertThat(RelationFiles.height(2, 8, PAGE)).isZero();
        assertThat(RelationFiles.height(30, 8, PAGE)).isEqualTo(1);
        assertThat(RelationFiles.height(2_745, 8, PAGE)).isEqualTo(2);
        assertThat(RelationFiles.height(300_000, 8, PAGE)).isEqualTo(3);
    }

    /** Sparse files of several segments; the index can be read and finds nothing. */
    @Test
    void hugeRelationsTakeNoSpaceAndAreReadInOrder() throws SQLException, IOException {
        Snapshot small;
        try (TemporaryServer server = Targets.start(Major.newest(), "small");
                Connection connection = server.connect("small")) {
            small = SnapshotReader.read(connection);
        }
        try (Twin twin = Twin.ofPlanner(Changed.lengths(small, 400_000), step -> {});
                Connection connection = twin.connect()) {
            assertThat(Sql.one(connection, "SELECT pg_relation_size('public.t')"))
                    .isEqualTo("3276800000");
            assertThat(Sql.one(connection, "SELECT pg_relation_size('public.t_pkey')"))
                    .isEqualTo("3276800000");
            Sql.run(connection, "SET enable_seqscan = off", "SET enable_bitmapscan = off");
            assertThat(Sql.rows(connection, row -> row.getString(1), "EXPLAIN SELECT id FROM public.t WHERE id > 5"))
                    .anySatisfy(line -> assertThat(line).contains("using t_pkey"));
            assertThat(Sql.one(connection, "SELECT count(*) FROM public.t WHERE id > 5"))
                    .isEqualTo("0");
            assertThat(Sql.one(connection, "SELECT count(*) FROM (SELECT id FROM public.t ORDER BY id DESC LIMIT 5) x"))
                    .isEqualTo("0");
        }
    }
}
