package dev.pando.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.pool.PoolMode;
import dev.pando.core.topology.Address;
import dev.pando.core.topology.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    static final String COMPLETE = """
            log_level = "debug"
            [listen]
            host = "0.0.0.0"
            port = 7000
            max_clients = 100
            [http]
            enabled = false
            port = 0
            [database]
            name = "shop"
            [control]
            user = "admin"
            password = "control-secret"
            [pool]
            size = 7
            queue_timeout = "1500ms"
            idle_timeout = "0s"
            [limits]
            max_message_bytes = 65536
            merge_memory = "1GB"
            [[users]]
            name = "app"
            password = "user-secret"
            [[shards]]
            name = "s0"
            primary = "10.0.0.1:5432"
            replicas = ["10.0.0.2:5432", "[::1]:5433"]
            [[shards]]
            name = "s1"
            primary = "db1.example:5432"
            [[tables]]
            name = "users"
            key = "id"
            function = "ring"
            settings = { virtual_nodes = 150 }
            [[tables]]
            name = "messages"
            key = ["user_id"]
            colocate_with = "users"
            unique_per_shard = true
            [[tables]]
            name = "sales.countries"
            reference = true
            """;

    @TempDir
    Path folder;

    @Test
    void readsEveryKindOfValue() {
        PandoConfig config = serve(COMPLETE);

        assertThat(config.logLevel()).isEqualTo(LogLevel.DEBUG);
        assertThat(config.listen().hosts()).containsExactly("0.0.0.0");
        assertThat(config.listen().port()).isEqualTo(7000);
        assertThat(config.listen().maxClients()).isEqualTo(100);
        assertThat(config.listen().maxLogins()).isEqualTo(2000);
        assertThat(config.listen().node()).isEqualTo(new PandoConfig.Node("", 0, List.of()));
        assertThat(config.http()).isEqualTo(new PandoConfig.Http(false, "127.0.0.1", 0, false));
        assertThat(config.database()).isEqualTo("shop");
        assertThat(config.control()).isEqualTo(new PandoConfig.Control("admin", new Secret("control-secret")));
        assertThat(config.pool().size()).isEqualTo(7);
        assertThat(config.pool().queueTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(config.pool().upkeep().idleTimeout()).isZero();
        assertThat(config.pool().connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.pool().mode()).isEqualTo(PoolMode.TRANSACTION);
        assertThat(config.pool().wildcardIdleTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(config.limits().maxMessageBytes()).isEqualTo(65536);
        assertThat(config.limits().mergeMemory()).isEqualTo(1L << 30);
        assertThat(config.users()).containsExactly(new PandoConfig.User("app", new Secret("user-secret"), false, null));
        assertThat(config.shards())
                .containsExactly(
                        new ShardConfig(
                                "s0",
                                new Address("10.0.0.1", 5432),
                                List.of(new Address("10.0.0.2", 5432), new Address("::1", 5433))),
                        new ShardConfig("s1", new Address("db1.example", 5432), List.of()));
        TableName users = new TableName("public", "users");
        assertThat(config.tables())
                .containsExactly(
                        new TableConfig.Sharded(users, List.of("id"), "ring", Map.of("virtual_nodes", "150"), false),
                        new TableConfig.Colocated(new TableName("public", "messages"), List.of("user_id"), users, true),
                        new TableConfig.Reference(new TableName("sales", "countries")));
        assertThat(config.topology().size()).isEqualTo(2);
    }

    @Test
    void upNeedsNoFile() {
        PandoConfig config = ConfigLoader.standard();

        assertThat(config.listen().port()).isEqualTo(6432);
        assertThat(config.http().port()).isEqualTo(8432);
        assertThat(config.users()).containsExactly(new PandoConfig.User("app", new Secret("app"), true, null));
        assertThat(config.shards()).isEmpty();
    }

    @Test
    void reportsEveryProblemAtOnceWithPlaceKeyAndLikelyKey() {
        assertThat(problems("""
                        log_lvel = "info"
                        [listen]
                        prot = 6432
                        pool_size = 3
                        port = "x"
                        [pool]
                        size = 0
                        queue_timeout = 10
                        port = 1
                        [lmits]
                        a = 1
                        [limits]
                        merge_memory = "64XB"
                        """))
                .containsExactly(
                        "t.toml:1:1: log_lvel: unknown key; did you mean \"log_level\"?",
                        "t.toml:3:1: listen.prot: unknown key; did you mean \"port\"?",
                        "t.toml:4:1: listen.pool_size: unknown key; here it is called pool.size",
                        "t.toml:5:1: listen.port: needs whole number from 0 to 65535, not the text \"x\"",
                        "t.toml:7:1: pool.size: 0 is not a whole number from 1 to 10000",
                        "t.toml:8:1: pool.queue_timeout: 10 has no unit; write \"10s\" or \"10ms\"",
                        "t.toml:9:1: pool.port: unknown key; it belongs to [listen]",
                        "t.toml:10:1: lmits: unknown section; did you mean \"limits\"?",
                        "t.toml:13:1: limits.merge_memory: unknown unit \"XB\"; there are B, kB, MB, GB");
    }

    @Test
    void serveNeedsShardsUsersAndControl() {
        assertThat(problems("")).isEmpty();
        assertThat(serveProblems(""))
                .containsExactly(
                        "t.toml:1:1: users: there is no user; add a [[users]] section with name and password, auth.file, or"
                                + " auth.user",
                        "t.toml:1:1: shards: there is nothing to serve; add a [[shards]] section with name and primary, or a"
                                + " [[databases]] section with name and servers");
        assertThat(serveProblems("[[shards]]\nname = \"a\"\nprimary = \"h:1\""))
                .contains("t.toml:1:1: control.password: is missing; give password, password_file or password_env");
    }

    @Test
    void plainDatabasesNeedNoShardsAndNoControlUser() {
        String users = "[[users]]\nname = \"app\"\npassword = \"x\"\npool_mode = \"session\"\n";
        PandoConfig config = serve(users + """
                [[databases]]
                name = "orders"
                servers = ["h1:5432", "h2:5432"]
                load_balance = "disable"
                dbname = "o"
                user = "pooler"
                password = "secret"
                pool_mode = "statement"
                pool_size = 3
                connect_query = "SELECT 1"
                [[databases]]
                name = "*"
                servers = ["h3:5432"]
                """);
        assertThat(config.sharded()).isFalse();
        assertThat(config.users().getFirst().mode()).isEqualTo(PoolMode.SESSION);
        assertThat(config.databases())
                .containsExactly(
                        new DatabaseConfig(
                                "orders",
                                List.of(new Address("h1", 5432), new Address("h2", 5432)),
                                false,
                                "o",
                                new DatabaseConfig.Login("pooler", new Secret("secret")),
                                PoolMode.STATEMENT,
                                "SELECT 1"),
                        new DatabaseConfig("*", List.of(new Address("h3", 5432)), true, null, null, null, ""));
        assertThat(config.count(Tunable.POOL_SIZE, "orders", "anybody")).isEqualTo(3);
        assertThat(config.count(Tunable.POOL_SIZE, "other", "anybody")).isEqualTo(25);
        assertThat(serve(ConfigPrinter.print(config)).databases().getFirst().servers())
                .hasSize(2);
    }

    @Test
    void databasesMustNotCollide() {
        assertThat(serveProblems("""
                [[users]]
                name = "app"
                password = "x"
                [control]
                password = "x"
                [[shards]]
                name = "a"
                primary = "h:1"
                [[databases]]
                name = "app"
                servers = ["h:2"]
                [[databases]]
                name = "pando"
                servers = []
                [[databases]]
                name = "pando"
                servers = ["h:2"]
                password = "y"
                """))
                .containsExactly(
                        "t.toml:10:1: databases[1].name: \"app\" is the sharded database's name (database.name)",
                        "t.toml:13:1: databases[2].name: \"pando\" is taken by the admin database",
                        "t.toml:14:1: databases[2].servers: is empty; name at least one server",
                        "t.toml:15:1: databases[3].user: is missing; a password is given for it",
                        "t.toml:16:1: databases[3].name: database \"pando\" is there twice",
                        "t.toml:16:1: databases[3].name: \"pando\" is taken by the admin database");
    }

    @Test
    void upRefusesShards() {
        assertThat(problems("[[shards]]\nname = \"a\"\nprimary = \"h:1\"\n"))
                .singleElement()
                .asString()
                .contains("t.toml:1:")
                .contains("pando up makes its own servers");
    }

    @Test
    void namesWhatIsThereTwice() {
        String toml = COMPLETE + """
                [[shards]]
                name = "s1"
                primary = "10.0.0.2:5432"
                [[users]]
                name = "app"
                password = "x"
                [[tables]]
                name = "public.users"
                reference = true
                """;
        assertThat(serveProblems(toml))
                .satisfiesExactlyInAnyOrder(
                        p -> assertThat(p).contains("tables[4].name: table \"public.users\" is there twice"),
                        p -> assertThat(p).contains("shards[3].name: shard \"s1\" is there twice"),
                        p -> assertThat(p).contains("shards[3].primary: server 10.0.0.2:5432 is there twice"),
                        p -> assertThat(p).contains("users[2].name: user \"app\" is there twice"),
                        p -> assertThat(p).contains("tables[2].colocate_with: \"public.users\" is a reference table"));
    }

    @Test
    void reportsSyntaxAndDuplicateKeysWithPlace() {
        assertThat(problems("[listen]\nport = 1\nport = 2\n[pool\n"))
                .allSatisfy(p -> assertThat(p).startsWith("t.toml:"))
                .anySatisfy(p -> assertThat(p).startsWith("t.toml:3:1").contains("port previously defined"))
                .anySatisfy(p -> assertThat(p).startsWith("t.toml:4:"));
    }

    @Test
    void checksTables() {
        assertThat(problems("""
                        [[tables]]
                        name = "a"
                        [[tables]]
                        name = "b"
                        reference = true
                        key = "id"
                        [[tables]]
                        name = "c"
                        key = ["x", "y"]
                        colocate_with = "d"
                        function = "hash"
                        [[tables]]
                        name = "e"
                        key = "x"
                        colocate_with = "c"
                        [[tables]]
                        key = "x"
                        """))
                .containsExactly(
                        "t.toml:1:1: tables[1].key: is missing; name the sharding key, or write reference = true",
                        "t.toml:6:1: tables[2].key: cannot be given for a reference table",
                        "t.toml:10:1: tables[3].colocate_with: there is no table \"public.d\" in this file; did you mean \"a\"?",
                        "t.toml:11:1: tables[3].function: cannot be given for colocate_with",
                        "t.toml:15:1: tables[4].colocate_with: \"public.c\" is co-located itself; name \"public.d\"",
                        "t.toml:16:1: tables[5].name: is missing; it needs table, as \"table\" or \"schema.table\"");
    }

    @Test
    void passwordsComeFromFileOrEnvironment() throws Exception {
        Files.writeString(folder.resolve("secret"), "from-file\n");
        Path file = Files.writeString(folder.resolve("pando.toml"), """
                [[users]]
                name = "a"
                password_file = "secret"
                [[users]]
                name = "b"
                password_env = "B"
                [control]
                password_env = "B"
                [[shards]]
                name = "s"
                primary = "h:1"
                """);

        PandoConfig config = ConfigLoader.load(file, Purpose.SERVE, Map.of("B", "from-env"));

        assertThat(config.users())
                .extracting(user -> user.password().reveal())
                .containsExactly("from-file", "from-env");
        assertThatThrownBy(() -> ConfigLoader.load(file, Purpose.SERVE, Map.of()))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.CONFIG_INVALID))
                .hasMessageContaining("pando.toml:6:1: users[2].password_env: environment variable B is not set");
    }

    @Test
    void secretsNeverAppearInText() {
        PandoConfig config = serve(COMPLETE);

        assertThat(config.toString()).doesNotContain("secret");
        assertThat(ConfigPrinter.print(config)).doesNotContain("secret").contains(Secret.HIDDEN);
        assertThat(serveProblems(COMPLETE.replace("\"user-secret\"", "[\"user-secret\"]")))
                .noneMatch(problem -> problem.contains("user-secret"));
    }

    @Test
    void printedConfigurationReadsBackAsItself() {
        PandoConfig config = serve(COMPLETE);
        String hidden = COMPLETE.replace("control-secret", Secret.HIDDEN).replace("user-secret", Secret.HIDDEN);

        assertThat(serve(ConfigPrinter.print(config))).isEqualTo(serve(hidden));
        assertThat(ConfigPrinter.print(config))
                .contains("port = 7000  # default 6432\n")
                .contains("connect_timeout = \"5s\"  # default\n");
    }

    @Test
    void whereSpansGoHasToBeABaseUrl() {
        for (String wrong : List.of("127.0.0.1:4318", "ftp://a", "http://", "http://a b", "http://a/?token=1")) {
            assertThat(problems("[tracing]\nendpoint = \"" + wrong + "\""))
                    .singleElement()
                    .asString()
                    .contains("tracing.endpoint", "is not a base URL");
        }
        assertThat(problems("[tracing]\nendpoint = \"https://collector.example/otlp/\""))
                .isEmpty();
    }

    @Test
    void aMissingFileIsOneClearLine() {
        Path file = folder.resolve("none.toml");
        assertThatThrownBy(() -> ConfigLoader.load(file, Purpose.SERVE, Map.of()))
                .hasMessage(file + ": there is no such file (PD7001)");
    }

    static PandoConfig serve(String toml) {
        return ConfigLoader.parse(toml, "t.toml", Purpose.SERVE, SecretSource.of(Path.of("."), Map.of()));
    }

    private static List<String> problems(String toml) {
        return problems(toml, Purpose.UP);
    }

    private static List<String> serveProblems(String toml) {
        return problems(toml, Purpose.SERVE);
    }

    private static List<String> problems(String toml, Purpose purpose) {
        return switch (ConfigLoader.check(toml, "t.toml", purpose, SecretSource.of(Path.of("."), Map.of()))) {
            case ConfigOutcome.Valid valid -> List.of();
            case ConfigOutcome.Invalid(List<Problem> found) ->
                found.stream().map(Problem::toString).toList();
        };
    }

    @Test
    void theUsersValueGoesBeforeTheDatabasesAndThatBeforeTheOneForAll() {
        PandoConfig config = serve("""
                [pool]
                size = 9
                max_user_connections = 7
                [timeouts]
                query = "1min"
                [control]
                password = "x"
                [[users]]
                name = "app"
                password = "x"
                pool_size = 2
                max_connections = 4
                [[users]]
                name = "other"
                password = "x"
                [[shards]]
                name = "a"
                primary = "h:1"
                [[databases]]
                name = "orders"
                servers = ["h:2"]
                pool_size = 3
                query_timeout = "5s"
                [[databases]]
                name = "*"
                servers = ["h:3"]
                pool_size = 5
                """);
        assertThat(config.count(Tunable.POOL_SIZE, "orders", "app")).isEqualTo(2);
        assertThat(config.count(Tunable.POOL_SIZE, "orders", "other")).isEqualTo(3);
        assertThat(config.count(Tunable.POOL_SIZE, "made on the fly", "other")).isEqualTo(5);
        assertThat(config.count(Tunable.POOL_SIZE, config.database(), "other")).isEqualTo(9);
        assertThat(config.time(Tunable.QUERY_TIMEOUT, "orders", "app")).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.time(Tunable.QUERY_TIMEOUT, config.database(), "app")).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.limitOfUser(Tunable.MAX_CONNECTIONS, "app")).isEqualTo(4);
        assertThat(config.limitOfUser(Tunable.MAX_CONNECTIONS, "other")).isEqualTo(7);
        assertThat(config.limitOfDatabase(Tunable.MAX_CONNECTIONS, "orders")).isZero();
        assertThat(config.smallestPool()).isEqualTo(2);
        assertThat(config.watchesClients()).isTrue();
    }
}
