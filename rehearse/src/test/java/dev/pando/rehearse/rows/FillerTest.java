package dev.pando.rehearse.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FillerTest {
    private static final String SCHEMA = """
            CREATE TYPE state AS ENUM ('new', 'paid', 'sent');
            CREATE DOMAIN email AS text CHECK (VALUE ~ '^[^@]+@[^@]+$');
            CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail email NOT NULL UNIQUE,
                country char(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'), age smallint CHECK (age BETWEEN 18 AND 120));
            CREATE TABLE profiles (customer_id bigint PRIMARY KEY REFERENCES customers, settings jsonb NOT NULL, picture bytea);
            CREATE TABLE orders (id serial PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, state state NOT NULL,
                kind text NOT NULL CHECK (kind IN ('web', 'shop')), amount numeric(5,2) NOT NULL CHECK (amount > 0),
                placed timestamptz NOT NULL, due timestamptz NOT NULL, twice int GENERATED ALWAYS AS (id * 2) STORED,
                tags text[] NOT NULL, CHECK (due > placed));
            CREATE TABLE items (order_id int REFERENCES orders, line smallint, price numeric NOT NULL, PRIMARY KEY (order_id, line));
            CREATE TABLE tags (name varchar(12) PRIMARY KEY, parent varchar(12) REFERENCES tags);
            CREATE TABLE tagged (customer_id bigint REFERENCES customers, tag varchar(12) REFERENCES tags, PRIMARY KEY (customer_id, tag));
            CREATE TABLE events (id uuid, at timestamptz NOT NULL, what text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
            CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY HASH (id);
            CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
            CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
            CREATE TABLE bookings (room int NOT NULL, during tstzrange NOT NULL, EXCLUDE USING gist (during WITH &&));
            CREATE TABLE chicken (id int PRIMARY KEY, egg int);
            CREATE TABLE egg (id int PRIMARY KEY, chicken int NOT NULL REFERENCES chicken);
            ALTER TABLE chicken ADD FOREIGN KEY (egg) REFERENCES egg;
            CREATE TABLE flags (on_or_off boolean PRIMARY KEY);
            CREATE TABLE "Odd Name" ("select" text NOT NULL, "Id" int PRIMARY KEY);
            CREATE TABLE log (what text);
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log VALUES (TG_OP); RETURN NEW; END';
            CREATE TRIGGER noted BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION note();
            CREATE TABLE riddle (id int PRIMARY KEY, answer int NOT NULL CHECK (answer * 7 % 100003 = 12345));
            CREATE TABLE solved (id int PRIMARY KEY, riddle int NOT NULL REFERENCES riddle);
            CREATE TABLE shape (id int PRIMARY KEY, outline polygon NOT NULL);
            """;

    private static Map<String, Filled> filled(Major major) throws SQLException {
        try (TemporaryServer server = TemporaryServer.startGuarded(major, Map.of());
                Connection connection = server.connect()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(SCHEMA);
            }
            List<Filled> tables = Filler.fill(
                    connection, new Amounts(1_000, 0, Map.of("log", 0L, "tags", 100L), Map.of()), text -> {});
            return tables.stream().collect(Collectors.toMap(Filled::table, Function.identity()));
        }
    }

    @Test
    void rowsSatisfyWhatTheSchemaAsks() throws SQLException {
        Map<String, Filled> tables = filled(Major.newest());

        for (String name : List.of(
                "customers",
                "profiles",
                "orders",
                "items",
                "tagged",
                "events",
                "parts",
                "bookings",
                "chicken",
                "egg",
                "\"Odd Name\"")) {
            assertThat(of(tables, "public." + name))
                    .as(name)
                    .satisfies(table -> assertThat(table.problem()).isNull())
                    .satisfies(table -> assertThat(table.rows()).isEqualTo(1_000));
        }
        assertThat(of(tables, "public.tags").rows()).isEqualTo(100);
        assertThat(of(tables, "public.log").rows()).as("triggers do not fire").isZero();
    }

    @Test
    void whatCannotBeMadeIsToldWithItsReason() throws SQLException {
        Map<String, Filled> tables = filled(Major.of(15).orElseThrow());

        assertThat(of(tables, "public.flags").rows()).isEqualTo(2);
        assertThat(of(tables, "public.flags").problem()).contains("2 rows of 1,000");
        assertThat(of(tables, "public.riddle").rows()).isZero();
        assertThat(of(tables, "public.riddle").problem())
                .contains("no values are known")
                .contains("100003");
        assertThat(of(tables, "public.solved").problem()).contains("refers to public.riddle, which has no rows");
        assertThat(of(tables, "public.shape").problem()).contains("outline of type polygon");
    }

    private static Filled of(Map<String, Filled> tables, String name) {
        return Objects.requireNonNull(tables.get(name), name);
    }
}
