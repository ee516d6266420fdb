package dev.pando.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthConfigTest {
    private static final String SHARD = "\n[control]\npassword = \"c\"\n[[shards]]\nname = \"s\"\nprimary = \"h:1\"\n";

    @TempDir
    Path folder;

    private void write(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    private ConfigOutcome check(String toml) {
        return ConfigLoader.check(toml + SHARD, "pando.toml", Purpose.SERVE, SecretSource.of(folder, Map.of()));
    }

    private PandoConfig valid(String toml) {
        ConfigOutcome outcome = check(toml);
        assertThat(outcome).isInstanceOf(ConfigOutcome.Valid.class);
        return ((ConfigOutcome.Valid) outcome).config();
    }

    private List<String> problems(String toml) {
        ConfigOutcome outcome = check(toml);
        assertThat(outcome).isInstanceOf(ConfigOutcome.Invalid.class);
        return ((ConfigOutcome.Invalid) outcome)
                .problems().stream().map(Problem::toString).toList();
    }

    @Test
    void rulesAreReadWithLinesAsInTheFile() throws IOException {
        write("hba/rules.conf", "\n\ninclude more.conf\nlocal all all peer");
        write("hba/more.conf", "# first\nhost all all all md5\n");
        PandoConfig config = valid("[auth]\nhba_file = \"hba/rules.conf\"\n[[users]]\nname = \"u\"\n");
        PandoConfig.Rules rules = config.auth().rules();
        Objects.requireNonNull(rules);
        assertThat(rules.access().rules().stream()
                        .map(rule -> rule.line().file() + ":" + rule.line().number()))
                .containsExactly("hba/more.conf:2", "hba/rules.conf:4");
        assertThat(config.users().getFirst().password().reveal()).isEmpty();

        write("hba/more.conf", "host all all all md5\nhost all all all ldap\n");
        assertThat(problems("[auth]\nhba_file = \"hba/rules.conf\"\n[[users]]\nname = \"u\"\n"))
                .anyMatch(problem -> problem.startsWith("hba/more.conf:2:1: method \"ldap\" is not available"));
        assertThat(problems("[auth]\nhba_file = \"lost\"\n[[users]]\nname = \"u\"\n"))
                .containsExactly("lost:1:1: there is no file lost");
    }

    @Test
    void aChangedRuleIsADifference() throws IOException {
        String toml = "[auth]\nhba_file = \"rules\"\n[[users]]\nname = \"u\"\n";
        write("rules", "host all all all md5");
        PandoConfig before = valid(toml);
        write("rules", "host all all all  md5 # the same");
        assertThat(ConfigDifference.between(before, valid(toml))).isEmpty();
        write("rules", "host all all all reject");
        assertThat(ConfigDifference.between(before, valid(toml))).containsExactly("auth");
    }

    @Test
    void certificatesNeedAnAuthority() throws IOException {
        write("rules", "hostssl all all all cert");
        assertThat(problems("[auth]\nhba_file = \"rules\"\n[[users]]\nname = \"u\"\n"))
                .containsExactly(
                        "pando.toml:2:1: auth.hba_file: has rules that look at clients' certificates: they need"
                                + " tls.mode and tls.client_ca_file");
    }

    @Test
    void usersOfPgBouncersFile() throws IOException {
        write("list", """
                ; a comment
                "app" "secret"
                "with ""marks" "sec""ret" ignored
                "hash" "md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

                "nothing" ""
                """);
        PandoConfig config = valid("[auth]\nfile = \"list\"\n[[users]]\nname = \"app\"\nadmin = true\n");
        assertThat(config.auth().fileUsers().stream().map(PandoConfig.User::name))
                .containsExactly("app", "with \"marks", "hash", "nothing");
        assertThat(config.auth().fileUsers().get(1).password().reveal()).isEqualTo("sec\"ret");
        assertThat(ConfigPrinter.print(config)).doesNotContain("secret", "md5aaa");

        write("list", "\"a\" \"b\"\n\"a\" \"SCRAM-SHA-256$oops\"\nc d\n\"e\"\n");
        assertThat(problems("[auth]\nfile = \"list\""))
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("list:2:1: the secret of \"a\" begins like a SCRAM verifier"),
                        two -> assertThat(two).isEqualTo("list:2:1: user \"a\" is there twice"),
                        three -> assertThat(three).startsWith("list:3:1: a line has a name and a secret"),
                        four -> assertThat(four).startsWith("list:4:1: a line has a name and a secret"));
    }

    @Test
    void theQueryForUsers() {
        PandoConfig.Lookup lookup =
                valid("[auth]\nuser = \"asks\"\npassword = \"p\"\n").auth().lookup();
        Objects.requireNonNull(lookup);
        assertThat(lookup.query()).contains("pg_authid").contains("$1");
        assertThat(lookup.database()).isNull();
        assertThat(problems("[auth]\nuser = \"asks\"\nquery = \"SELECT 1\"\n"))
                .containsExactly("pando.toml:3:1: auth.query: has no $1, which stands for the user's name");
        assertThat(problems("[auth]\npassword = \"p\"\n[[users]]\nname = \"u\"\npassword = \"p\"\n"))
                .containsExactly("pando.toml:2:1: auth.password: is of use with auth.user only");
    }

    @Test
    void everybody() {
        assertThat(valid("[auth]\nuser = \"asks\"\n[[users]]\nname = \"*\"\n").users())
                .containsExactly(new PandoConfig.User("*", new Secret(""), false, null));
        assertThat(problems("[[users]]\nname = \"*\"\n"))
                .singleElement()
                .asString()
                .contains("needs auth.user");
        assertThat(problems("[auth]\nuser = \"asks\"\n[[users]]\nname = \"*\"\npassword = \"p\"\nadmin = true\n"))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("has no password"))
                .anyMatch(problem -> problem.contains("cannot be an administrator"));
    }

    @Test
    void aSecretThatIsAlmostAVerifierIsDoubted() {
        assertThat(problems("[[users]]\nname = \"u\"\npassword = \"SCRAM-SHA-256$4096:x\"\n"))
                .singleElement()
                .asString()
                .contains("users[1].password: begins like a SCRAM verifier");
    }
}
