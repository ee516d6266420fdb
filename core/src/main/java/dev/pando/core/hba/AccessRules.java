package dev.pando.core.hba;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of one file in their order, and the map of names they refer to. The first rule that is about a client decides; immutable. */
public final class AccessRules {
    private final List<HbaRule> rules;
    private final IdentMap names;
    private final List<RuleLine> text;

    private AccessRules(List<HbaRule> rules, IdentMap names, List<RuleLine> text) {
        this.rules = List.copyOf(rules);
        this.names = names;
        this.text = List.copyOf(text);
    }

    /** Appends all that is wrong to {@code flaws}. */
    public static AccessRules read(String hbaFile, @Nullable String identFile, RuleFiles files, List<Flaw> flaws) {
        List<RuleLine> identLines = identFile == null ? List.of() : RuleText.lines(identFile, files, flaws);
        IdentMap names = IdentMap.read(identLines, flaws);
        List<Flaw> own = new ArrayList<>();
        List<RuleLine> lines = RuleText.lines(hbaFile, files, own);
        List<HbaRule> rules = HbaReader.read(lines, own);
        if (rules.isEmpty() && own.isEmpty()) {
            own.add(new Flaw(hbaFile, 1, "there is no rule, so nobody could log in"));
        }
        for (HbaRule rule : rules) {
            String map = rule.options().map();
            if (map != null && !names.has(map)) {
                own.add(new Flaw(
                        rule.line().file(),
                        rule.line().number(),
                        "map " + map + (identFile == null ? " needs auth.ident_file" : " is not in " + identFile)));
            }
        }
        flaws.addAll(own);
        List<RuleLine> text = new ArrayList<>(lines);
        text.addAll(identLines);
        return new AccessRules(rules, names, text);
    }

    /** Whether some rule looks at certificates. */
    public boolean needCertificates() {
        return rules.stream().anyMatch(HbaRule::needsCertificate);
    }

    /** What was written in the same files makes the same rules. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AccessRules that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    public List<HbaRule> rules() {
        return rules;
    }

    /**
     * The rule for this client.
     *
     * @param own this machine's addresses with their networks
     * @throws PandoException HBA_NO_ENTRY or HBA_REJECTED, and CERTIFICATE_REQUIRED when the rule wants a certificate and there is none
     */
    public HbaRule rule(LoginAttempt attempt, List<Network> own) {
        for (HbaRule rule : rules) {
            if (rule.holds(attempt, own)) {
                if (rule.method() == HbaMethod.REJECT) {
                    throw refused(PandoError.HBA_REJECTED, attempt);
                }
                checkCertificate(rule, attempt);
                return rule;
            }
        }
        throw refused(PandoError.HBA_NO_ENTRY, attempt);
    }

    private static PandoException refused(PandoError error, LoginAttempt attempt) {
        String database = attempt.streamsLog() ? "replication" : attempt.database();
        return new PandoException(error, attempt.host(), attempt.user(), database, attempt.encryption());
    }

    private void checkCertificate(HbaRule rule, LoginAttempt attempt) {
        if (!rule.needsCertificate()) {
            return;
        }
        LoginAttempt.Certificate certificate = attempt.certificate();
        if (certificate == null) {
            throw new PandoException(PandoError.CERTIFICATE_REQUIRED);
        }
        if (rule.options().certificate() == HbaRule.ClientCertificate.OF_THE_USER) {
            String name =
                    rule.options().distinguishedName() ? certificate.distinguishedName() : certificate.commonName();
            identified(rule, "certificate", name, attempt.user());
        }
    }

    /** Whether the user of the system at the other end of a unix socket may be this one; throws IDENTITY_REFUSED. */
    public void peer(HbaRule rule, @Nullable String system, String user) {
        identified(rule, "Peer", system == null ? "" : system, user);
    }

    private void identified(HbaRule rule, String method, String system, String user) {
        if (system.isEmpty() || !names.allows(rule.options().map(), system, user)) {
            throw new PandoException(PandoError.IDENTITY_REFUSED, method, user);
        }
    }
}
