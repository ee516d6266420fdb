package dev.pando.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lint.Rights;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DumpLoaderTest {
    /** Rows are sent for so long after the refused one that a driver that looks has time to notice. */
    private static final long LONGER = Duration.ofMillis(2_500).toNanos();

    /** Repeats the rows that begin with 7 for a while. */
    private static final class ManyRows extends BufferedReader {
        private long since;

        ManyRows(Reader in) {
            super(in);
        }

        @Override
        public @Nullable String readLine() throws IOException {
            if (since != 0 && System.nanoTime() - since < LONGER) {
                return "7";
            }
            String line = super.readLine();
            since = "7".equals(line) ? System.nanoTime() : 0;
            return line;
        }
    }

    @Test
    void aRowThatIsRefusedIsToldAndTheRestGoesOn() throws Exception {
        String dump = """
                CREATE TABLE orders (id int);
                CREATE TABLE customers (id int);
                COPY orders (id) FROM stdin;
                seven
                7
                \\.
                COPY customers (id) FROM stdin;
                1
                \\.
                """;
        try (TemporaryServer server = TemporaryServer.startGuarded(Major.newest(), Map.of());
                Connection connection = server.connect("postgres", "preferQueryMode=simple");
                BufferedReader in = new ManyRows(new StringReader(dump))) {
            List<String> notes = DumpLoader.load(connection, new Rights(server), in, "dump", true);

            assertThat(notes)
                    .containsExactly("dump: COPY orders (id) FROM stdin failed:"
                            + " invalid input syntax for type integer: \"seven\"");
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM customers")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(1);
            }
        }
    }
}
