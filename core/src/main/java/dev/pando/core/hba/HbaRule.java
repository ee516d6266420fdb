package dev.pando.core.hba;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of a rule file.
 *
 * @param line where it stands, for messages and SHOW HBA
 */
public record HbaRule(Line line, Kind kind, Who who, HbaMethod method, Options options) {

    /** The line as it was written, field by field; {@code address} and {@code mask} are empty where there is none. */
    public record Line(
            String file, int number, List<String> databases, List<String> users, String address, String mask) {
        public Line {
            databases = List.copyOf(databases);
            users = List.copyOf(users);
        }
    }

    /** Whom it is about; {@code from} is null for a unix socket. */
    record Who(List<NameTest> databases, List<NameTest> users, Network.@Nullable Test from) {}

    /** What the certificate must be. */
    public enum ClientCertificate {
        ANY,
        VERIFIED,
        OF_THE_USER
    }

    /**
     * What stands behind the method.
     *
     * @param map of the names that certificates or the system know users by; null for none
     * @param distinguishedName the whole name in the certificate counts, not only its CN
     */
    public record Options(@Nullable String map, ClientCertificate certificate, boolean distinguishedName) {
        static final Options NONE = new Options(null, ClientCertificate.ANY, false);
    }

    /** Kinds of connections. */
    public enum Kind {
        LOCAL("local"),
        HOST("host"),
        HOSTSSL("hostssl"),
        HOSTNOSSL("hostnossl"),
        /** Encrypted by GSSAPI, which Pando's never are. */
        HOSTGSSENC("hostgssenc"),
        HOSTNOGSSENC("hostnogssenc");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        private boolean holds(LoginAttempt attempt) {
            return switch (this) {
                case LOCAL -> attempt.address() == null;
                case HOST, HOSTNOGSSENC -> attempt.address() != null;
                case HOSTSSL -> attempt.address() != null && attempt.encrypted();
                case HOSTNOSSL -> attempt.address() != null && !attempt.encrypted();
                case HOSTGSSENC -> false;
            };
        }
    }

    boolean holds(LoginAttempt attempt, List<Network> own) {
        InetAddress address = attempt.address();
        Network.Test from = who.from();
        return kind.holds(attempt)
                && (address == null || from == null || from.holds(address, own))
                && NameTest.database(who.databases(), attempt)
                && NameTest.user(who.users(), attempt);
    }

    /** Whether it looks at a certificate. */
    public boolean needsCertificate() {
        return options.certificate() != ClientCertificate.ANY;
    }
}
