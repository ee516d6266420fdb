package dev.pando.core.link;

import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the client has been told of run-time parameters. Servers report changes whenever they happen on a connection, also when it is
 * brought to a session's settings or a transaction is undone; the client hears, as from PostgreSQL, just before ReadyForQuery and only of
 * what is another value than it knows.
 */
public final class Reported {
    /** At the login; most clients are told the same, and share it. */
    private Map<String, String> initial = Map.of();
    /** Where the client has heard another value since. */
    private final Map<String, String> changed = new HashMap<>(0);

    private final Map<String, String> latest = new LinkedHashMap<>(0);

    /** At the login. */
    public void told(Map<String, String> parameters) {
        initial = Map.copyOf(parameters);
        changed.clear();
    }

    /** What servers have said so far is not news to the client. */
    public void forget() {
        latest.clear();
    }

    /** DISCARD ALL: everything is as it was at the login, which no server need say. */
    public void backToLogin() {
        latest.putAll(initial);
    }

    /** A ParameterStatus message of a connection that serves the session. */
    public void note(ByteBuf frame) {
        ByteBuf body = Replies.body(frame);
        String name = Strings.readZeroTerminated(body);
        latest.put(name, Strings.readZeroTerminated(body));
    }

    /** What servers have said since the client was told. */
    public Map<String, String> news() {
        return Collections.unmodifiableMap(latest);
    }

    public void tell(ByteBufAllocator allocator, Consumer<ByteBuf> client) {
        if (latest.isEmpty()) {
            return;
        }
        ByteBuf out = allocator.buffer(64);
        latest.forEach((name, value) -> {
            if (!value.equals(changed.getOrDefault(name, initial.get(name)))) {
                changed.put(name, value);
                BackendMessages.parameterStatus(out, name, value);
            }
        });
        latest.clear();
        if (out.isReadable()) {
            client.accept(out);
        } else {
            out.release();
        }
    }
}
