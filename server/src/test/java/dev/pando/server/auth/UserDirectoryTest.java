package dev.pando.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.auth.Md5Password;
import dev.pando.base.auth.ScramVerifier;
import dev.pando.base.auth.StoredSecret;
import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.Purpose;
import dev.pando.core.config.SecretSource;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UserDirectoryTest {
    private static final String SERVER = "[control]\npassword = \"c\"\n[[shards]]\nname = \"s\"\nprimary = \"h:1\"\n";

    private static UserDirectory of(String toml) {
        return new UserDirectory(
                ConfigLoader.parse(SERVER + toml, "test", Purpose.SERVE, SecretSource.of(Path.of("."), Map.of())),
                new byte[] {1, 2, 3});
    }

    private static String user(String name, String secret) {
        return "[[users]]\nname = \"" + name + "\"\npassword = \"" + secret + "\"\n";
    }

    /** What a client sees of a secret before it has shown anything. */
    private static String seen(UserDirectory.Entry entry) {
        ScramVerifier verifier = entry.verifier();
        return entry.secret().kind()
                + (verifier == null ? "" : " " + verifier.iterations() + " " + verifier.salt().length);
    }

    @Test
    void whoDoesNotExistLooksLikeWhoDoes() {
        String verifier = ScramVerifier.derive("x", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0}, 5000)
                .text();
        UserDirectory users = of(user("a", "plain") + user("b", verifier) + user("c", Md5Password.hash("c", "x")));
        Set<String> real = new HashSet<>();
        for (String name : Set.of("a", "b", "c")) {
            real.add(seen(entry(users.of(name))));
        }
        Set<String> madeUp = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            madeUp.add(seen(users.lookAlike("nobody" + i, null)));
        }
        assertThat(madeUp).isEqualTo(real).hasSize(3);
    }

    @Test
    void whoDoesNotExistLooksLikeThoseWhoAreAskedForToo() {
        ScramVerifier verifier = ScramVerifier.derive("x", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0}, 5000);
        var asked = new UserDirectory.Entry(new StoredSecret.Scram(verifier), verifier);
        Set<String> seen = new HashSet<>();
        UserDirectory users = of(user("c", Md5Password.hash("c", "x")));
        for (int i = 0; i < 200; i++) {
            seen.add(seen(users.lookAlike("nobody" + i, asked)));
        }
        assertThat(seen).containsExactlyInAnyOrder("md5", "scram-sha-256 5000 10");
    }

    private static UserDirectory.Entry entry(UserDirectory.@Nullable Entry entry) {
        return Objects.requireNonNull(entry);
    }

    @Test
    void whoDoesNotExistLooksTheSameEachTime() {
        UserDirectory users = of(user("a", "plain"));
        assertThat(users.lookAlike("nobody", null)).isEqualTo(users.lookAlike("nobody", null));
        assertThat(users.lookAlike("nobody", null).verifier())
                .isNotEqualTo(users.lookAlike("somebody", null).verifier());
    }

    @Test
    void aSaltOutlivesAReloadAndAnotherPasswordGivesAnotherVerifier() {
        ScramVerifier one =
                Objects.requireNonNull(entry(of(user("a", "plain")).of("a")).verifier());
        ScramVerifier same = Objects.requireNonNull(
                entry(of(user("a", "plain") + user("b", "b")).of("a")).verifier());
        ScramVerifier other =
                Objects.requireNonNull(entry(of(user("a", "changed")).of("a")).verifier());
        assertThat(same).isEqualTo(one);
        assertThat(other.salt()).isEqualTo(one.salt());
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void whoHasNoSecretExists() {
        UserDirectory users = of("[auth]\nuser = \"asks\"\n[[users]]\nname = \"a\"\n");
        assertThat(users.exists("a")).isTrue();
        assertThat(users.of("a")).isNull();
        assertThat(users.exists("b")).isFalse();
        UserDirectory everybody = of("[auth]\nuser = \"asks\"\n[[users]]\nname = \"*\"\n");
        assertThat(everybody.exists("b")).isTrue();
        assertThat(everybody.names("*")).isFalse();
        assertThat(new StoredSecret.Plain("x").toString()).doesNotContain("x");
    }
}
