package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Pando answers as one plain PostgreSQL does, or refuses by name; never otherwise. */
class DifferentialTest {
    private static final String SIMPLE = "preferQueryMode=simple";
    private static final String TEXT = "binaryTransfer=false";
    private static final String BINARY = "prepareThreshold=-1";

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
}
