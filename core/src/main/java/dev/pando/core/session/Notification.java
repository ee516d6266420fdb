package dev.pando.core.session;

import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.Strings;
import dev.pando.core.link.Replies;
import io.netty.buffer.ByteBuf;

/**
 * What somebody has told a channel.
 *
 * @param processId the server process in which NOTIFY ran
 */
public record Notification(int processId, String channel, String payload) {
    private static final int OVERHEAD = 32;

    /** Reads a whole NotificationResponse. */
    static Notification decode(ByteBuf frame) {
        ByteBuf body = Replies.body(frame);
        int processId = body.readInt();
        String channel = Strings.readZeroTerminated(body);
        return new Notification(processId, channel, Strings.readZeroTerminated(body));
    }

    void encode(ByteBuf out) {
        BackendMessages.notification(out, processId, channel, payload);
    }

    /** About the memory it takes. */
    int bytes() {
        return OVERHEAD + 2 * (channel.length() + payload.length());
    }
}
