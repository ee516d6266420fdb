package dev.pando.core.config;

import dev.pando.core.hba.AccessRules;
import dev.pando.core.hba.Flaw;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section about authentication, and the files it names. */
final class AuthReader {
    /** Whoever is in no list. */
    static final String EVERYBODY = "*";

    private final Problems problems;
    private final SecretSource files;

    AuthReader(Problems problems, SecretSource files) {
        this.problems = problems;
        this.files = files;
    }

    PandoConfig.Auth read(Values values, Secret lookupPassword, PandoConfig.ClientTls tls) {
        String file = values.has(ConfigKey.AUTH_FILE) ? values.text(ConfigKey.AUTH_FILE) : null;
        return new PandoConfig.Auth(
                rules(values, tls),
                file,
                file == null ? List.of() : users(values, file),
                lookup(values, lookupPassword),
                values.time(ConfigKey.AUTH_FAILURE_DELAY));
    }

    private PandoConfig.@Nullable Rules rules(Values values, PandoConfig.ClientTls tls) {
        String ident = values.has(ConfigKey.AUTH_IDENT_FILE) ? values.text(ConfigKey.AUTH_IDENT_FILE) : null;
        if (!values.has(ConfigKey.AUTH_HBA_FILE)) {
            if (ident != null) {
                problem(values, ConfigKey.AUTH_IDENT_FILE, "is of use with auth.hba_file only");
            }
            return null;
        }
        String file = values.text(ConfigKey.AUTH_HBA_FILE);
        List<Flaw> flaws = new ArrayList<>();
        AccessRules access = AccessRules.read(file, ident, files.rules(), flaws);
        flaws.forEach(flaw -> problems.addIn(flaw.file(), flaw.line(), flaw.message()));
        if (access.needCertificates() && (tls.mode() == ClientTlsMode.OFF || tls.clientAuthority() == null)) {
            problem(
                    values,
                    ConfigKey.AUTH_HBA_FILE,
                    "has rules that look at clients' certificates: they need tls.mode and tls.client_ca_file");
        }
        return new PandoConfig.Rules(file, ident, access);
    }

    private List<PandoConfig.User> users(Values values, String file) {
        try {
            return UserList.read(file, files.rules().text(file), problems);
        } catch (IOException | InvalidPathException e) {
            problem(values, ConfigKey.AUTH_FILE, "file " + file + " cannot be read: " + e);
            return List.of();
        }
    }

    private PandoConfig.@Nullable Lookup lookup(Values values, Secret password) {
        if (!values.has(ConfigKey.AUTH_USER)) {
            for (ConfigKey key : List.of(ConfigKey.AUTH_QUERY, ConfigKey.AUTH_PASSWORD, ConfigKey.AUTH_DATABASE)) {
                if (values.given(key)) {
                    problem(values, key, "is of use with auth.user only");
                }
            }
            return null;
        }
        String query = values.text(ConfigKey.AUTH_QUERY);
        if (!query.contains("$1")) {
            problem(values, ConfigKey.AUTH_QUERY, "has no $1, which stands for the user's name");
        }
        return new PandoConfig.Lookup(
                query,
                values.text(ConfigKey.AUTH_USER),
                password,
                values.has(ConfigKey.AUTH_DATABASE) ? values.text(ConfigKey.AUTH_DATABASE) : null,
                values.time(ConfigKey.AUTH_CACHE));
    }

    /** A password for everybody would be nobody's, and so would be the right to administer. */
    static void checkEverybody(Values entry, boolean password, boolean elsewhere, Problems problems) {
        if (password) {
            problems.add(
                    entry.position(ConfigKey.USER_NAME),
                    entry.name(ConfigKey.USER_NAME),
                    "\"*\" stands for all users in no list and has no password; auth.user finds theirs");
        } else if (!elsewhere) {
            problems.add(
                    entry.position(ConfigKey.USER_NAME),
                    entry.name(ConfigKey.USER_NAME),
                    "\"*\" needs auth.user, auth.file or auth.hba_file: nobody could log in as it");
        }
        if (entry.flag(ConfigKey.USER_ADMIN)) {
            problems.add(
                    entry.position(ConfigKey.USER_ADMIN),
                    entry.name(ConfigKey.USER_ADMIN),
                    "\"*\" cannot be an administrator; name those who are");
        }
    }

    private void problem(Values values, ConfigKey key, String message) {
        problems.add(values.position(key), values.name(key), message);
    }
}
