package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.oracle.OracleTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class OracleCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int oracle(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "oracle";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return new CommandLine(new LintCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }

    /** The tables that are packaged against real servers of all versions. */
    @Test
    void everyMajorStillDoesWhatTheTablesSay() throws IOException {
        int code = oracle("--write", folder.toString());

        assertThat(out.toString()).contains("all as the table says");
        assertThat(code).as(out.toString()).isZero();
        for (Major major : Major.values()) {
            assertThat(folder.resolve(OracleTable.name(major))).hasContent(OracleTable.text(major));
            assertThat(err.toString()).contains(major + ": 100 of ");
        }
    }

    @Test
    void tellsWhatOneStatementDoesOnEachVersion() throws IOException {
        Path schema = Files.writeString(
                folder.resolve("schema.sql"), "CREATE TABLE old (a int); CREATE TABLE young () INHERITS (old);");

        assertThat(oracle(
                        "ALTER TABLE old ADD CHECK (a > 0) NO INHERIT",
                        "--schema",
                        schema.toString(),
                        "--pg-version",
                        "17,18"))
                .isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "PostgreSQL 17  AccessExclusive on old, scans old (size unknown), takes time in proportion to its size; blocks every query",
                        "PostgreSQL 18  AccessExclusive on old and on young, scans old (size unknown), takes time in proportion to its size; blocks every query");
    }

    @Test
    void looksUpWhatTheTablesHave() {
        assertThat(oracle("maintenance/cluster-everything")).as(err::toString).isZero();
        assertThat(out.toString()).startsWith("PostgreSQL 15  ").contains("PostgreSQL 16  the same");
        assertThat(oracle("--pg-version", "14")).isEqualTo(2);
        assertThat(err.toString()).contains("15, 16, 17 or 18");
        assertThat(oracle("SELECT 1", "--write", folder.toString())).isEqualTo(2);
        assertThat(oracle("--schema", "schema.sql")).isEqualTo(2);
        assertThat(err.toString()).contains("--write is for the tables").contains("--schema is for one statement");
    }
}
