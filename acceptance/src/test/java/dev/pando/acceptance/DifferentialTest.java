package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Pando answers as one plain PostgreSQL does, or refuses by name; never otherwise. */
class DifferentialTest {
    private static final String SIMPLE = "preferQueryMode=simple";
    private static final String TEXT = "binaryTransfer=false";
    private static final String BINARY = "prepareThreshold=-1";

    private static final int GENERATED = Integer.getInteger("pando.generated", 250);

    /** The same in every build; CONTRIBUTING.md tells how to run others. */
    private static final long SEED = Long.getLong("pando.seed", 1);

    /** How many seeds, beginning with {@link #SEED}. */
    private static final int SEEDS = Integer.getInteger("pando.seeds", 1);

    /** Of the statements generated from one seed, of which some 4 % are refused; many more would mean that Pando has become of less use. */
    private static final double MOST_REFUSED = 0.1;

    @Test
    void handPickedStatementsInTheSimpleProtocol() throws SQLException {
        compareFiles(SIMPLE);
    }

    @Test
    void handPickedStatementsInTheExtendedProtocolWithText() throws SQLException {
        compareFiles(TEXT);
    }

    @Test
    void handPickedStatementsInTheExtendedProtocolWithBinary() throws SQLException {
        compareFiles(BINARY);
    }

    @Test
    void generatedStatementsInTheSimpleProtocol() throws SQLException {
        compareGenerated(SIMPLE);
    }

    @Test
    void generatedStatementsInTheExtendedProtocolWithText() throws SQLException {
        compareGenerated(TEXT);
    }

    @Test
    void generatedStatementsInTheExtendedProtocolWithBinary() throws SQLException {
        compareGenerated(BINARY);
    }

    @Test
    void copyInAndOut() throws SQLException, IOException {
        try (Comparison comparison = Comparison.open(TEXT)) {
            comparison.run(Case.read("setup.sql"));
            String table = "users (id, name, n, amount, born, tags, payload)";
            for (String format : List.of(
                    "text", "csv, HEADER", "binary", "csv, DELIMITER ';', NULL 'nil', QUOTE '''', ESCAPE '~'")) {
                String options = " (FORMAT " + format + ")";
                byte[] expected = copyOut(comparison.plain(), "COPY " + table + " TO STDOUT" + options);
                byte[] actual = copyOut(comparison.pando(), "COPY " + table + " TO STDOUT" + options);
                if (!format.equals("binary")) {
                    assertThat(lines(actual)).as(format).isEqualTo(lines(expected));
                }
                comparison.run(Case.of("DELETE FROM users", false));
                // Each side takes in what the other one gave out.
                copyIn(comparison.plain(), "COPY " + table + " FROM STDIN" + options, actual);
                copyIn(comparison.pando(), "COPY " + table + " FROM STDIN" + options, expected);
                comparison.run(Case.of("SELECT * FROM users ORDER BY id", true));
            }
            assertThat(comparison.differences()).isEmpty();
        }
    }

    private static void compareFiles(String mode) throws SQLException {
        try (Comparison comparison = Comparison.open(mode)) {
            comparison.run(Case.read("setup.sql"));
            assertThat(comparison.refusals()).isEmpty();
            comparison.run(Case.read("select.sql"));
            comparison.run(Case.read("write.sql"));
            System.out.println("compared " + comparison.compared() + ", refused " + comparison.refusals());
            assertThat(comparison.differences()).isEmpty();
        }
    }

    private static void compareGenerated(String mode) throws SQLException {
        for (long seed = SEED; seed < SEED + SEEDS; seed++) {
            compareGenerated(mode, seed);
        }
    }

    private static void compareGenerated(String mode, long seed) throws SQLException {
        StatementGenerator generator = new StatementGenerator(seed);
        try (Comparison comparison = Comparison.open(mode)) {
            comparison.run(Case.read("setup.sql"));
            comparison.allowRefusals();
            boolean transaction = false;
            for (int i = 0; i < GENERATED; i++) {
                if (i % 10 == 0) {
                    transaction = (i / 10) % 3 == 1;
                    comparison.run(Case.of(transaction ? "BEGIN" : "SELECT 1", false));
                }
                comparison.run(generator.next());
                if (transaction && i % 10 == 9) {
                    comparison.run(Case.of(i % 4 < 2 ? "COMMIT" : "ROLLBACK", false));
                }
            }
            comparison.run(Case.of("ROLLBACK", false));
            comparison.run(Case.of("SELECT * FROM users ORDER BY id", true));
            String summary = "-Dpando.seed=" + seed + ", compared " + comparison.compared() + ", refused "
                    + comparison.refusals();
            System.out.println(summary);
            assertThat(comparison.differences()).as(summary).isEmpty();
            assertThat(comparison.refused()).as(summary).isLessThan((int) (GENERATED * MOST_REFUSED));
        }
    }

    private static List<String> lines(byte[] copied) {
        return new String(copied, StandardCharsets.UTF_8).lines().sorted().toList();
    }

    private static byte[] copyOut(Party party, String sql) throws SQLException, IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        driver(party.connection()).getCopyAPI().copyOut(sql, out);
        return out.toByteArray();
    }

    private static void copyIn(Party party, String sql, byte[] data) throws SQLException, IOException {
        driver(party.connection()).getCopyAPI().copyIn(sql, new ByteArrayInputStream(data));
    }

    private static PGConnection driver(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class);
    }
}
