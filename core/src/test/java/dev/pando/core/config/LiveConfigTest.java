package dev.pando.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveConfigTest {
    private static final String BASE = """
            [control]
            password = "c"
            [[users]]
            name = "app"
            password = "app"
            [[shards]]
            name = "one"
            primary = "h1:5432"
            """;

    private String file = BASE;
    private final LiveConfig live = new LiveConfig(read(BASE), () -> read(file));

    private static PandoConfig read(String toml) {
        return ConfigLoader.parse(toml, "test", Purpose.SERVE, SecretSource.of(Path.of("."), Map.of()));
    }

    private LiveConfig.Reload reload(String toml) {
        file = toml;
        return live.reload();
    }

    @Test
    void whatIsInTheFileIsInForce() {
        LiveConfig.Reload done = reload("log_level = \"debug\"\n[pool]\nsize = 7\n" + BASE);
        assertThat(done.changed()).containsExactly("log_level", "pool.size");
        assertThat(done.atNextStart()).isEmpty();
        assertThat(live.now().pool().size()).isEqualTo(7);
        assertThat(reload(file).changed()).isEmpty();
    }

    @Test
    void passwordsAndMovedShardsAreNamedByTheirSection() {
        assertThat(reload(BASE.replace("password = \"app\"", "password = \"new\""))
                        .changed())
                .containsExactly("users");
        assertThat(live.now().users().getFirst().password().reveal()).isEqualTo("new");
        assertThat(reload(file.replace("h1:", "h2:")).changed()).containsExactly("shards");
        assertThat(live.now().shards().getFirst().primary().host()).isEqualTo("h2");
        assertThat(reload(file.replace("password = \"c\"", "password = \"d\"")).changed())
                .containsExactly("control");
    }

    @Test
    void aSectionIsNamedOnceHoweverManyOfItsEntriesChange() {
        String two = BASE + """
                [[users]]
                name = "other"
                password = "other"
                """;
        assertThat(reload(two).changed()).containsExactly("users");
        assertThat(reload(two.replace("\"app\"", "\"a\"").replace("\"other\"", "\"o\""))
                        .changed())
                .containsExactly("users");
    }

    @Test
    void whatIsFixedKeepsItsValueAndIsNamed() {
        String shards = BASE + "[[shards]]\nname = \"two\"\nprimary = \"h3:5432\"\n";
        LiveConfig.Reload done = reload("[listen]\nport = 1\nmax_clients = 5\n" + shards);
        assertThat(done.changed()).containsExactly("listen.max_clients");
        assertThat(done.atNextStart()).containsExactly("listen.port", "shards");
        assertThat(live.now().listen().port()).isEqualTo(6432);
        assertThat(live.now().listen().maxClients()).isEqualTo(5);
        assertThat(live.now().shards()).hasSize(1);
        // Still so when asked again.
        assertThat(reload(file).atNextStart()).containsExactly("listen.port", "shards");
    }

    /** ConfigKey.live and PandoConfig.keepingFixed say the same of every key that has a value of its own. */
    @Test
    void keysThatAreFixedKeepTheirValueAndTheOthersChange() {
        PandoConfig running = read(BASE);
        for (ConfigKey key : ConfigKey.values()) {
            Object before = ConfigPrinter.value(key, running);
            String other = before == null || key.section() == Section.TLS ? null : another(key, before);
            if (other == null || key == ConfigKey.CONTROL_PASSWORD) {
                continue;
            }
            PandoConfig next = read(with(key, other));
            PandoConfig kept = next.keepingFixed(running);
            assertThat(ConfigDifference.between(running, next))
                    .as(key.fullName())
                    .containsExactly(key.fullName());
            assertThat(ConfigDifference.between(running, kept))
                    .as(key.fullName())
                    .isEqualTo(key.live() ? List.of(key.fullName()) : List.of());
        }
    }

    /** A value as TOML that is allowed, and not the one given. */
    private static String another(ConfigKey key, Object before) {
        return switch (key.kind()) {
            case ValueKind.Flag flag -> before.equals(true) ? "false" : "true";
            case ValueKind.Whole(int least, int most) -> Long.toString(before.equals((long) most) ? least : most);
            case ValueKind.Time(var least, var most) ->
                "\"" + (before.equals(Units.print(most)) ? Units.print(least) : Units.print(most)) + "\"";
            case ValueKind.Size(long least, long most) ->
                "\"" + (before.equals(Units.print(most)) ? Units.print(least) : Units.print(most)) + "\"";
            case ValueKind.Choice(List<String> words) ->
                "\""
                        + words.stream()
                                .filter(word -> !word.equals(before) && !word.startsWith("verify"))
                                .findFirst()
                                .orElseThrow()
                        + "\"";
            default -> key == ConfigKey.LISTEN_UNIX_SOCKET_MODE ? "\"0700\"" : "\"other\"";
        };
    }

    private static String with(ConfigKey key, String value) {
        if (key.section() == Section.TOP) {
            return key.title() + " = " + value + "\n" + BASE;
        }
        if (key.section() == Section.CONTROL) {
            return BASE.replace("[control]", "[control]\n" + key.title() + " = " + value);
        }
        return key.section().header() + "\n" + key.title() + " = " + value + "\n" + BASE;
    }

    @Test
    void aWrongFileChangesNothingAndTellsAll() {
        assertThatThrownBy(() -> reload("log_level = \"loud\"\n[pool]\nsize = 0\n" + BASE))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("log_level")
                .hasMessageContaining("pool.size");
        assertThat(live.now().pool().size()).isEqualTo(25);
    }

    @Test
    void aFollowerThatCannotFollowKeepsAllFromChanging() {
        List<String> applied = new ArrayList<>();
        live.follow(next -> () -> applied.add("first"));
        live.follow(next -> {
            throw new PandoException(PandoError.CONFIG_INVALID, "no certificate");
        });
        assertThatThrownBy(() -> reload("[pool]\nsize = 7\n" + BASE)).hasMessageContaining("no certificate");
        assertThat(applied).isEmpty();
        assertThat(live.now().pool().size()).isEqualTo(25);
    }

    @Test
    void followersAreGivenWhatWillBeInForce() {
        List<Integer> seen = new ArrayList<>();
        live.follow(next -> {
            seen.add(next.listen().port());
            return () -> seen.add(live.now().pool().size());
        });
        reload("[listen]\nport = 1\n[pool]\nsize = 7\n" + BASE);
        assertThat(seen).containsExactly(6432, 7);
    }
}
