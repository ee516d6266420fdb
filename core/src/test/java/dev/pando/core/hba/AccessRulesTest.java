package dev.pando.core.hba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.net.InetAddress;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
    private final Map<String, String> files = new HashMap<>();
    private final List<Flaw> flaws = new ArrayList<>();
    private List<Network> own = List.of();

    private final RuleFiles source = new RuleFiles() {
        @Override
        public String text(String path) throws NoSuchFileException {
            String text = files.get(path);
            if (text == null) {
                throw new NoSuchFileException(path);
            }
            return text;
        }

        @Override
        public List<String> names(String folder) throws NoSuchFileException {
            List<String> names = files.keySet().stream()
                    .filter(path -> path.startsWith(folder + "/"))
                    .map(path -> path.substring(folder.length() + 1))
                    .toList();
            if (names.isEmpty()) {
                throw new NoSuchFileException(folder);
            }
            return names;
        }
    };

    private AccessRules rules(String hba, @Nullable String ident) {
        files.put("conf/hba", hba);
        if (ident != null) {
            files.put("conf/ident", ident);
        }
        return AccessRules.read("conf/hba", ident == null ? null : "conf/ident", source, flaws);
    }

    private AccessRules rules(String hba) {
        AccessRules read = rules(hba, null);
        assertThat(flaws).isEmpty();
        return read;
    }

    private static LoginAttempt tcp(String user, String database, String address) {
        return new LoginAttempt(user, database, InetAddress.ofLiteral(address), false, false, null);
    }

    private static LoginAttempt tls(String user, LoginAttempt.@Nullable Certificate certificate) {
        return new LoginAttempt(user, "app", InetAddress.ofLiteral("10.1.2.3"), true, false, certificate);
    }

    private static LoginAttempt local(String user) {
        return new LoginAttempt(user, "app", null, false, false, null);
    }

    /** The line of the rule that holds, 0 when none does. */
    private int line(AccessRules rules, LoginAttempt attempt) {
        try {
            return rules.rule(attempt, own).line().number();
        } catch (PandoException none) {
            assertThat(none.error()).isEqualTo(PandoError.HBA_NO_ENTRY);
            return 0;
        }
    }

    private void flawed(String hba, String... expected) {
        flaws.clear();
        rules(hba, null);
        assertThat(flaws.stream().map(flaw -> flaw.file() + ":" + flaw.line() + ": " + flaw.message()))
                .hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            Flaw flaw = flaws.get(i);
            assertThat(flaw.file() + ":" + flaw.line() + ": " + flaw.message()).startsWith(expected[i]);
        }
    }

    @Test
    void theFirstRuleThatHoldsDecides() {
        AccessRules rules = rules("""
                # a comment
                host app  app 10.0.0.0/8 scram-sha-256
                host app  all 10.0.0.0/8 md5   # another
                host all  app 10.1.0.0 255.255.0.0 password
                host all  all ::1/128 trust
                local all all peer
                """);
        assertThat(line(rules, tcp("app", "app", "10.1.2.3"))).isEqualTo(2);
        assertThat(line(rules, tcp("other", "app", "10.1.2.3"))).isEqualTo(3);
        assertThat(line(rules, tcp("app", "else", "10.1.2.3"))).isEqualTo(4);
        assertThat(line(rules, tcp("app", "else", "10.2.2.3"))).isZero();
        assertThat(line(rules, tcp("any", "any", "::1"))).isEqualTo(5);
        assertThat(line(rules, tcp("any", "any", "::2"))).isZero();
        assertThat(line(rules, local("any"))).isEqualTo(6);
        assertThat(rules.rules().stream().map(rule -> rule.method().word()))
                .containsExactly("scram-sha-256", "md5", "password", "trust", "peer");
    }

    @Test
    void kindsOfConnections() {
        AccessRules rules = rules("""
                hostgssenc all all all trust
                hostssl all all all trust
                hostnossl all plain all trust
                hostnogssenc all nogss all trust
                host all any all trust
                """);
        assertThat(line(rules, tls("plain", null))).isEqualTo(2);
        assertThat(line(rules, tcp("plain", "d", "1.2.3.4"))).isEqualTo(3);
        assertThat(line(rules, tcp("nogss", "d", "1.2.3.4"))).isEqualTo(4);
        assertThat(line(rules, tcp("any", "d", "1.2.3.4"))).isEqualTo(5);
        assertThat(line(rules, local("any"))).isZero();
    }

    @Test
    void namesQuotesAndExpressions() {
        AccessRules rules = rules("""
                host "all", x  app  all trust
                host "a b,c"   "say \"\"hi\"\"\"  all trust
                host sameuser  /^dev  all trust
                host /^t\\d+$  "/^(a|b),$"  all trust
                host "sameuser" "+x" all trust
                """);
        assertThat(line(rules, tcp("app", "all", "1.1.1.1"))).isEqualTo(1);
        assertThat(line(rules, tcp("app", "x", "1.1.1.1"))).isEqualTo(1);
        assertThat(line(rules, tcp("app", "y", "1.1.1.1"))).isZero();
        assertThat(line(rules, tcp("say \"hi\"", "a b,c", "1.1.1.1"))).isEqualTo(2);
        assertThat(line(rules, tcp("dev1", "dev1", "1.1.1.1"))).isEqualTo(3);
        assertThat(line(rules, tcp("dev1", "dev2", "1.1.1.1"))).isZero();
        assertThat(line(rules, tcp("b,", "t12", "1.1.1.1"))).isEqualTo(4);
        assertThat(line(rules, tcp("b,", "t12x", "1.1.1.1"))).isZero();
        assertThat(line(rules, tcp("+x", "sameuser", "1.1.1.1"))).isEqualTo(5);
        assertThat(line(rules, tcp("sameuser", "sameuser", "1.1.1.1"))).isZero();
    }

    @Test
    void replicationIsNoDatabase() {
        AccessRules rules = rules("host all all all trust\nhost replication r all trust");
        InetAddress from = InetAddress.ofLiteral("1.1.1.1");
        assertThat(line(rules, new LoginAttempt("r", "r", from, false, true, null)))
                .isEqualTo(2);
        assertThat(line(rules, new LoginAttempt("s", "s", from, false, true, null)))
                .isZero();
        AccessRules only = rules("host replication all all trust");
        assertThat(line(only, tcp("a", "replication", "1.1.1.1"))).isZero();
        assertThat(line(rules("host \"replication\" all all trust"), tcp("a", "replication", "1.1.1.1")))
                .isEqualTo(1);
    }

    @Test
    void thisMachineAndItsNetworks() {
        own = List.of(
                Network.of(InetAddress.ofLiteral("192.168.7.5"), 24),
                Network.of(InetAddress.ofLiteral("127.0.0.1"), 8));
        AccessRules rules = rules("host all all samehost trust\nhost all all samenet trust");
        assertThat(line(rules, tcp("a", "a", "192.168.7.5"))).isEqualTo(1);
        assertThat(line(rules, tcp("a", "a", "127.0.0.1"))).isEqualTo(1);
        assertThat(line(rules, tcp("a", "a", "192.168.7.77"))).isEqualTo(2);
        assertThat(line(rules, tcp("a", "a", "192.168.8.77"))).isZero();
        assertThat(line(rules, tcp("a", "a", "::1"))).isZero();
    }

    @Test
    void includedFilesAndLists() {
        files.put("conf/more/two.conf", "host d2 all all md5");
        files.put("conf/more/one.conf", "\n\nhost d1 all all md5");
        files.put("conf/more/three.txt", "host d3 all all md5");
        files.put("conf/people", "anna, bert # ours\n@friends");
        files.put("conf/friends", "carl");
        AccessRules rules = rules("""
                include_if_exists nothing.conf
                include_dir more
                host all @people all \\
                   trust
                """);
        assertThat(rules.rules().stream()
                        .map(rule -> rule.line().file() + ":" + rule.line().number()))
                .containsExactly("conf/more/one.conf:3", "conf/more/two.conf:1", "conf/hba:3");
        assertThat(line(rules, tcp("carl", "x", "1.1.1.1"))).isEqualTo(3);
        assertThat(line(rules, tcp("dora", "x", "1.1.1.1"))).isZero();
        assertThat(rules.rules().getLast().line().users()).containsExactly("anna", "bert", "carl");
    }

    @Test
    void rejectAndNoEntrySayWhatPostgresSays() {
        AccessRules rules = rules("host all bad all reject");
        assertThatThrownBy(() -> rules.rule(tcp("bad", "app", "10.1.2.3"), own))
                .hasMessage("pg_hba.conf rejects connection for host \"10.1.2.3\", user \"bad\", database \"app\","
                        + " no encryption (PD1021)");
        assertThatThrownBy(() -> rules.rule(tls("good", null), own))
                .hasMessage("no pg_hba.conf entry for host \"10.1.2.3\", user \"good\", database \"app\","
                        + " SSL encryption (PD1020)");
        assertThatThrownBy(() -> rules.rule(local("good"), own)).hasMessageContaining("host \"[local]\"");
    }

    @Test
    void certificates() {
        AccessRules rules = rules("""
                hostssl all ca,anna all scram-sha-256 clientcert=verify-ca
                hostssl all full all scram-sha-256 clientcert=verify-full
                hostssl all "CN=dn,O=x" all cert clientname=DN
                hostssl all all all cert map=m
                """, "m  anna  berta\nm /^(.*)@firm$ \\1\nm /^admin /^dba\nm boss all\n");
        assertThat(flaws).isEmpty();
        var anna = new LoginAttempt.Certificate("anna", "CN=anna,O=x");
        assertThat(line(rules, tls("ca", anna))).isEqualTo(1);
        assertThat(line(rules, tls("CN=dn,O=x", new LoginAttempt.Certificate("other", "CN=dn,O=x"))))
                .isEqualTo(3);
        assertThat(line(rules, tls("berta", anna))).isEqualTo(4);
        assertThat(line(rules, tls("carl", new LoginAttempt.Certificate("carl@firm", ""))))
                .isEqualTo(4);
        assertThat(line(rules, tls("dba7", new LoginAttempt.Certificate("admin3", ""))))
                .isEqualTo(4);
        assertThat(line(rules, tls("whoever", new LoginAttempt.Certificate("boss", ""))))
                .isEqualTo(4);
        refused(rules, tls("ca", null), PandoError.CERTIFICATE_REQUIRED);
        refused(rules, tls("full", anna), PandoError.IDENTITY_REFUSED);
        refused(rules, tls("carl", anna), PandoError.IDENTITY_REFUSED);
        refused(rules, tls("carl", new LoginAttempt.Certificate("", "")), PandoError.IDENTITY_REFUSED);
        refused(rules, tls("dba7", new LoginAttempt.Certificate("user3", "")), PandoError.IDENTITY_REFUSED);
    }

    private void refused(AccessRules rules, LoginAttempt attempt, PandoError error) {
        assertThatThrownBy(() -> rules.rule(attempt, own))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @Test
    void peersOfUnixSockets() {
        AccessRules rules = rules("local all all peer map=m\n", "m root app");
        HbaRule rule = rules.rule(local("app"), own);
        rules.peer(rule, "root", "app");
        assertThatThrownBy(() -> rules.peer(rule, "app", "app")).hasMessageContaining("Peer authentication failed");
        assertThatThrownBy(() -> rules.peer(rule, null, "app")).hasMessageContaining("Peer authentication failed");
        AccessRules plain = rules("local all all ident");
        assertThat(plain.rules().getFirst().method()).isEqualTo(HbaMethod.PEER);
        plain.peer(plain.rules().getFirst(), "app", "app");
    }

    @Test
    void everyMistakeHasItsPlace() {
        flawed(
                """
                hots all all all trust
                host all
                host all all 10.0.0.0/8
                host all all 10.0.0.0/33 trust
                host all all 10.0.0.0/x trust
                host all all 10.0.0 trust
                host all all db.example.org trust
                host all all .example.org trust
                host all all 10.0.0.0 ffff:: trust
                host all all 10.0.0.0 md5
                host all all all ldap ldapserver=x
                """,
                "conf/hba:1: \"hots\" is no kind of connection; there are local, host,",
                "conf/hba:2: the line ends where a user is due",
                "conf/hba:3: the line ends where a method is due",
                "conf/hba:4: /33 is no mask of 10.0.0.0",
                "conf/hba:5: \"/x\" is no number of bits",
                "conf/hba:6: \"10.0.0\" is no address; host names are not looked up",
                "conf/hba:7: \"db.example.org\" is no address; host names are not looked up",
                "conf/hba:8: \".example.org\" is no address",
                "conf/hba:9: address 10.0.0.0 and mask ffff:: are of different kinds",
                "conf/hba:10: \"md5\" is no mask of 10.0.0.0",
                "conf/hba:11: method \"ldap\" is not available; there are trust, reject,");
        flawed(
                """
                host all +staff all trust
                host samerole all all trust
                host all /( all trust
                host all all all peer
                host all all all cert
                hostssl all all all md5 map=m
                hostssl all all all cert clientcert=verify-ca
                hostssl all all all md5 clientcert=1
                host all all all md5 clientcert=verify-ca
                hostssl all all all md5 clientname=DN
                hostssl all all all cert map=unknown
                host all all all trust radiusservers=1
                host all all 1.2.3.4/32,5.6.7.8/32 trust
                host all all all ident
                """,
                "conf/hba:1: \"+staff\" needs to know who is a member",
                "conf/hba:2: \"samerole\" needs to know who is a member",
                "conf/hba:3: /( is no regular expression",
                "conf/hba:4: peer is for local connections only",
                "conf/hba:5: cert is for hostssl connections only",
                "conf/hba:6: map= goes with cert and peer only",
                "conf/hba:7: cert checks the user's name",
                "conf/hba:8: clientcert=1 is neither",
                "conf/hba:9: clientcert= is for hostssl",
                "conf/hba:10: clientname=DN needs method cert",
                "conf/hba:12: option \"radiusservers=1\" is unknown",
                "conf/hba:13: an address is due, and \"1.2.3.4/32,5.6.7.8/32\" is several",
                "conf/hba:14: method \"ident\" is not available",
                "conf/hba:11: map unknown needs auth.ident_file");
    }

    @Test
    void mistakesOfFiles() {
        flawed("", "conf/hba:1: there is no rule, so nobody could log in");
        flawed("include", "conf/hba:1: include needs one name");
        flawed("\ninclude lost", "conf/hba:2: there is no file conf/lost");
        flawed("include_dir lost", "conf/hba:1: folder conf/lost cannot be read");
        flawed("host all @lost all trust", "conf/hba:1: there is no file conf/lost");
        files.put("conf/round", "include hba\n");
        flawed("include round", "conf/hba:1: files include each other more than 10 deep");
        files.put("conf/again", "@again");
        flawed("host all @again all trust", "conf/again:1: files include each other more than 10 deep");
        files.put("conf/bad", "\nhost all all all tryst");
        flawed("include bad", "conf/bad:2: method \"tryst\" is not available");
    }

    @Test
    void mistakesOfMaps() {
        rules("local all all peer map=m", "m a\nm /(x \\1\nm x \\1\nm /x \\1\nm x +y\nm x y z\nm ok ok\n");
        assertThat(flaws.stream().map(flaw -> flaw.file() + ":" + flaw.line()))
                .containsExactly(
                        "conf/ident:1", "conf/ident:2", "conf/ident:3", "conf/ident:4", "conf/ident:5", "conf/ident:6");
        flaws.clear();
        rules("local all all peer map=other", "m ok ok");
        assertThat(flaws).containsExactly(new Flaw("conf/hba", 1, "map other is not in conf/ident"));
    }

    @Test
    void anExpressionThatTakesAgesRefuses() {
        AccessRules rules = rules("host all /^(.*a){20}$ all trust");
        refused(rules, tcp("a".repeat(60) + "b", "x", "1.1.1.1"), PandoError.HBA_EXPRESSION);
        refused(rules, tcp("a".repeat(9_000), "x", "1.1.1.1"), PandoError.HBA_EXPRESSION);
    }
}
