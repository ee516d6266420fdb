package dev.pando.lint.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lint.read.MigrationReader.Mode;
import dev.pando.lint.read.Statement.Kind;
import dev.pando.lint.read.Transaction.Origin;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MigrationReaderTest {
    private static Migration read(String name, String text) {
        return new MigrationReader(Map.of("schema", "app"), Mode.BY_FORMAT).read(new Source(name, text));
    }

    private static List<String> sql(Migration migration) {
        return migration.statements().stream().map(Statement::sql).toList();
    }

    @Test
    void statementsEndWherePsqlEndsThem() {
        Migration migration = read("a.sql", """
                -- a comment; with a semicolon
                CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END;
                CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS $x$ BEGIN NULL; END $x$;
                /* one /* nested; */ still; */ SELECT ';', E'\\';', "a;b" ;
                CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2);
                SELECT 3
                """);

        assertThat(sql(migration))
                .containsExactly(
                        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END",
                        "CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS $x$ BEGIN NULL; END $x$",
                        "SELECT ';', E'\\';', \"a;b\"",
                        "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)",
                        "SELECT 3");
    }

    @Test
    void placesCountCharacters() {
        Migration migration = read("a.sql", "SELECT 'äöü😀'; SELECT\n 2;");

        assertThat(migration.statements().get(1).place()).isEqualTo(new Place(1, 16));
        assertThat(migration.statements().get(1).endPlace()).isEqualTo(new Place(2, 3));
    }

    @Test
    void psqlCommandsAndCopiedRowsAreNoSql() {
        Migration migration =
                read("a.sql", "\\set x 1\nCOPY t FROM stdin;\n1;2\n\\.\nSELECT 1 \\gexec\nSELECT 2;\n\\i other.sql\n");

        assertThat(migration.statements().stream().map(s -> s.kind() + " " + s.sql()))
                .containsExactly(
                        "PSQL \\set x 1",
                        "SQL COPY t FROM stdin",
                        "SQL SELECT 1",
                        "PSQL \\gexec",
                        "SQL SELECT 2",
                        "PSQL \\i other.sql");
    }

    @Test
    void transactionsFollowTheText() {
        Migration migration = read("a.sql", """
                SELECT 1; SELECT 2;
                BEGIN; SELECT 3; ROLLBACK TO SAVEPOINT a; COMMIT;
                SELECT 4;
                """);

        assertThat(migration.statements().stream().map(s -> s.transaction().origin()))
                .containsExactly(
                        Origin.STATEMENT,
                        Origin.STATEMENT,
                        Origin.TEXT,
                        Origin.TEXT,
                        Origin.TEXT,
                        Origin.TEXT,
                        Origin.STATEMENT);
        assertThat(migration.statements().stream()
                        .map(s -> s.transaction().id())
                        .distinct())
                .hasSize(4);
    }

    @Test
    void formatsAreToldFromNameAndText() {
        assertThat(read("db/V1.2__x.sql", "SELECT 1").format()).isEqualTo(Format.FLYWAY);
        assertThat(read("db/R__x.sql", "SELECT 1").format()).isEqualTo(Format.FLYWAY);
        assertThat(read("x.sql", "--liquibase formatted sql\nSELECT 1").format())
                .isEqualTo(Format.LIQUIBASE);
        assertThat(read("1_x.sql", "-- +goose Up\nSELECT 1").format()).isEqualTo(Format.GOOSE);
        assertThat(read("1_x.sql", "-- migrate:up\nSELECT 1").format()).isEqualTo(Format.DBMATE);
        assertThat(read("0001_x.up.sql", "SELECT 1").format()).isEqualTo(Format.GOLANG_MIGRATE);
        assertThat(read("20240101000000_x.sql", "SELECT 1").format()).isEqualTo(Format.SQLX);
        assertThat(read("x.sql", "SELECT 1").format()).isEqualTo(Format.PLAIN);
    }

    @Test
    void flywaySharesOneTransactionUnlessNothingInTheFileMay() {
        assertThat(read("V1__x.sql", "SELECT 1; SELECT 2;").statements())
                .extracting(s -> s.transaction().origin())
                .containsExactly(Origin.TOOL, Origin.TOOL);
        assertThat(read("V1__x.sql", "CREATE INDEX CONCURRENTLY i ON t (a);").statements())
                .extracting(s -> s.transaction().origin())
                .containsExactly(Origin.STATEMENT);
        var reader = new MigrationReader(Map.of(), Mode.BY_FORMAT);
        assertThat(reader.read(new Source("V1__x.sql", "SELECT 1;", "executeInTransaction=false"))
                        .statements())
                .extracting(s -> s.transaction().origin())
                .containsExactly(Origin.STATEMENT);
    }

    @Test
    void placeholdersAreFilledInOrNamed() {
        Migration migration = read("V1__x.sql", "CREATE TABLE ${schema}.t (a int); SELECT '${other}';");

        assertThat(migration.statements().getFirst().sql()).isEqualTo("CREATE TABLE app.t (a int)");
        assertThat(migration.statements().getFirst().source()).isEqualTo("CREATE TABLE ${schema}.t (a int)");
        assertThat(migration.statements().getLast().kind()).isEqualTo(Kind.PLACEHOLDER);
    }

    @Test
    void liquibaseHasOneTransactionPerChangeset() {
        Migration migration = read("x.sql", """
                --liquibase formatted sql
                --changeset me:1
                SELECT 1;
                --rollback SELECT 9;
                --changeset me:2 runInTransaction:false
                SELECT 2; SELECT 3;
                --changeset me:3 endDelimiter:/
                SELECT 4/SELECT 5/
                """);

        assertThat(sql(migration)).containsExactly("SELECT 1", "SELECT 2", "SELECT 3", "SELECT 4", "SELECT 5");
        assertThat(migration.statements())
                .extracting(s -> s.transaction().origin())
                .containsExactly(Origin.TOOL, Origin.STATEMENT, Origin.STATEMENT, Origin.TOOL, Origin.TOOL);
        assertThat(migration.statements().get(0).transaction().id())
                .isNotEqualTo(migration.statements().get(3).transaction().id());
    }

    @Test
    void onlyTheWayUpIsRead() {
        assertThat(sql(read("1.sql", "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n")))
                .containsExactly("SELECT 1");
        assertThat(sql(read("1.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n")))
                .containsExactly("SELECT 1");
        assertThat(read("1.sql", "-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\n")
                        .statements())
                .extracting(s -> s.transaction().origin())
                .containsExactly(Origin.STATEMENT);
        assertThat(read("1.sql", "-- migrate:up transaction:false\nSELECT 1;\n").statements())
                .extracting(s -> s.transaction().origin())
                .containsExactly(Origin.STATEMENT);
    }

    @Test
    void allowsSpeakOfTheirStatement() {
        Migration migration = read("a.sql", """
                -- pando: allow rename nobody reads it yet
                SELECT 1;
                SELECT 2; -- pando: allow drop-table
                SELECT
                  /* pando: allow blocks-reads small table */ 3;
                -- pando: allow late nothing follows
                """);

        assertThat(migration.allows())
                .extracting(Allow::rule, Allow::reason, Allow::statement)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("rename", "nobody reads it yet", 0),
                        org.assertj.core.groups.Tuple.tuple("drop-table", null, 1),
                        org.assertj.core.groups.Tuple.tuple("blocks-reads", "small table", 2),
                        org.assertj.core.groups.Tuple.tuple("late", "nothing follows", -1));
    }

    @Test
    void anyTextIsReadToItsEnd() {
        var random = new java.util.Random(1);
        String soup = "';$$-/*\\()\" \n;BEGINcreatefunctionatomicend${a}:x1é";
        for (int i = 0; i < 2_000; i++) {
            var text = new StringBuilder();
            for (int j = random.nextInt(60); j > 0; j--) {
                int at = random.nextInt(soup.length());
                text.append(soup, at, Math.min(soup.length(), at + 1 + random.nextInt(6)));
            }
            int end = 0;
            for (Statement statement : read("a.sql", text.toString()).statements()) {
                assertThat(statement.start()).as(text.toString()).isGreaterThanOrEqualTo(end);
                assertThat(statement.sql()).as(text.toString()).isNotBlank();
                end = statement.end();
            }
        }
    }

    @Test
    void toolsOfNodeAndAtlasHaveTheirTransactions() {
        String two = "ALTER TABLE a ADD b int; ALTER TABLE a ADD c int;";

        Migration prisma = read("prisma/migrations/20240101000000_init/migration.sql", two);
        assertThat(prisma.format()).isEqualTo(Format.PRISMA);
        assertThat(transactions(prisma)).containsExactly("TOOL 1", "TOOL 1");
        assertThat(transactions(
                        read("migrations/20240101000000_x/migration.sql", "CREATE INDEX CONCURRENTLY ON a (b);")))
                .containsExactly("STATEMENT 2");
        assertThat(read("other/migration.sql", two).format()).isEqualTo(Format.PLAIN);

        Migration drizzle = read("drizzle/0003_x.sql", "ALTER TABLE a ADD b int;--> statement-breakpoint\nSELECT 1;");
        assertThat(drizzle.format()).isEqualTo(Format.DRIZZLE);
        assertThat(sql(drizzle)).containsExactly("ALTER TABLE a ADD b int", "SELECT 1");
        assertThat(transactions(drizzle)).containsExactly("TOOL 1", "TOOL 1");
        assertThat(read("db/0000_x.sql", "SELECT 1;\n--> statement-breakpoint\nSELECT 2;")
                        .format())
                .isEqualTo(Format.DRIZZLE);
        assertThat(read("drizzle/0000_init.sql", "SELECT 1;").format()).isEqualTo(Format.DRIZZLE);

        Migration node = read("1700000000000_x.sql", "-- Up Migration\nSELECT 1;\n-- Down Migration\nDROP TABLE a;");
        assertThat(node.format()).isEqualTo(Format.NODE_PG_MIGRATE);
        assertThat(sql(node)).containsExactly("SELECT 1");
        assertThat(transactions(node)).containsExactly("TOOL 1");

        assertThat(transactions(read("20240101000000_x.sql", "-- atlas:txmode none\n\nSELECT 1;")))
                .containsExactly("STATEMENT 2");
        assertThat(transactions(read("20240101000000_x.sql", "-- atlas:nolint\nSELECT 1;")))
                .containsExactly("TOOL 1");
    }

    private static List<String> transactions(Migration migration) {
        return migration.statements().stream()
                .map(statement -> statement.transaction().origin() + " "
                        + statement.transaction().id())
                .toList();
    }
}
