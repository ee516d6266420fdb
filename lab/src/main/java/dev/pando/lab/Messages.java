package dev.pando.lab;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/** What servers say went wrong. */
public final class Messages {
    private Messages() {}

    /** The message's first line, without the driver's decoration; or why the session was ended. */
    public static String of(SQLException e) {
        String ended = SessionEnded.reason(e);
        if (ended != null) {
            return ended;
        }
        String text = e instanceof PSQLException said && said.getServerErrorMessage() != null
                ? String.valueOf(said.getServerErrorMessage().getMessage())
                : String.valueOf(e.getMessage());
        return text.lines().findFirst().orElse("");
    }
}
