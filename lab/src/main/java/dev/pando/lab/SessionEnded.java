package dev.pando.lab;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why a session of a guarded server was ended from outside; the cause of what the driver throws then. */
public final class SessionEnded extends IOException {
    private static final long serialVersionUID = 1;

    SessionEnded(String reason, @Nullable IOException cause) {
        super(reason, cause);
    }

    /** Why the session that {@code thrown} comes from was ended; null if it was not. */
    public static @Nullable String reason(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SessionEnded) {
                return cause.getMessage();
            }
        }
        return null;
    }
}
