package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import java.util.Locale;

/**
 * A message other than COPY data while that is due. PostgreSQL does not read it, so that it cannot tell any more where the next one begins:
 * the COPY fails, and with it the connection.
 */
final class CopyBreach {
    private CopyBreach() {}

    static void end(SessionPort port, Replier replier, byte type) {
        String unexpected =
                String.format(Locale.ROOT, "unexpected message type 0x%02X during COPY from stdin", type & 0xFF);
        replier.error(ErrorFields.of("ERROR", "08P01", unexpected));
        replier.error(
                ErrorFields.of("FATAL", "08P01", "terminating connection because protocol synchronization was lost"));
        hangUp(port);
    }

    static void hangUp(SessionPort port) {
        port.flushClient();
        port.closeClient();
    }
}
