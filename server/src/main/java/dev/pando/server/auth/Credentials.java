package dev.pando.server.auth;

import dev.pando.base.auth.ServerCredential;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the latest login of each user showed: pools outlive logins, and a password may be another since. Users by far too many push out
 * those that have not logged in for longest; their sessions keep what they logged in with. Safe for use by all event loops.
 */
final class Credentials {
    private static final int MOST = 100_000;

    private final Map<String, ServerCredential> latest = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ServerCredential> eldest) {
            return size() > MOST;
        }
    };

    synchronized void learned(Identity identity) {
        // Who came by certificate shows nothing, and must not take from others what they did show.
        if (!(identity.credential() instanceof ServerCredential.Nothing)) {
            latest.put(identity.user(), identity.credential());
        }
    }

    synchronized @Nullable ServerCredential of(String user) {
        return latest.get(user);
    }

    /** Other secrets are in force. */
    synchronized void forget() {
        latest.clear();
    }
}
