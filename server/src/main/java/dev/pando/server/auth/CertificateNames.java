package dev.pando.server.auth;

import dev.pando.core.hba.LoginAttempt;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** Whom a certificate names. */
final class CertificateNames {
    private CertificateNames() {}

    /** A name that cannot be read, or has a zero byte to hide something behind, is none. */
    static LoginAttempt.Certificate of(X509Certificate certificate) {
        String name = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
        String common = "";
        try {
            for (Rdn part : new LdapName(name).getRdns()) {
                if (common.isEmpty()
                        && part.getType().equalsIgnoreCase("CN")
                        && part.getValue() instanceof String text) {
                    common = text;
                }
            }
        } catch (InvalidNameException unreadable) {
            return new LoginAttempt.Certificate("", "");
        }
        return new LoginAttempt.Certificate(common.indexOf('\0') < 0 ? common : "", name);
    }
}
