package dev.pando.server.net;

import dev.pando.base.wire.ErrorFields;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether pooled connections are still those of the user they were opened for. Shared by all loops.
 *
 * <p>What can go wrong: a role is dropped, or renamed, and another one made under its name. A server knows a connection's role by its number,
 * so connections of the old role go on with the rights of nobody, or of who has another name now. What we do: each command that may
 * have done so, and each error that tells of it, begins a new age; a connection of an earlier age is asked who it is before anybody gets it.
 * Why it suffices: such commands are rare, and the answer costs one round trip per connection. What is done past Pando, or by a function, is
 * noticed by the first error, or when an age has lasted long enough.
 */
final class Roles {
    /** How long an age lasts at most. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final int TAG_AT = 5;
    private static final byte[] DROPPED = "DROP ROLE\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ALTERED = "ALTER ROLE\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PREPARED = "PREPARE TRANSACTION\0".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] COMMITTED = "COMMIT PREPARED\0".getBytes(StandardCharsets.US_ASCII);

    private final AtomicLong age = new AtomicLong();

    long age() {
        return age.get();
    }

    /** Of all connections there are now nobody knows whose they are. */
    void changed() {
        age.incrementAndGet();
    }

    /** Whether a CommandComplete tells of a command that may have changed who somebody is. */
    static boolean changes(ByteBuf complete) {
        return says(complete, DROPPED) || says(complete, ALTERED);
    }

    /** Whether what a transaction has done counts later. */
    static boolean prepared(ByteBuf complete) {
        return says(complete, PREPARED);
    }

    /** Whether what was done in a transaction on any connection counts now. */
    static boolean committed(ByteBuf complete) {
        return says(complete, COMMITTED);
    }

    private static boolean says(ByteBuf complete, byte[] tag) {
        int at = complete.readerIndex() + TAG_AT;
        if (complete.writerIndex() - at != tag.length) {
            return false;
        }
        for (int i = 0; i < tag.length; i++) {
            if (complete.getByte(at + i) != tag[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether a server says that a role is gone, or refuses what the role there is now may have a right to. */
    static boolean doubts(ErrorFields error) {
        return switch (error.sqlState()) {
            case "42501" -> true;
            case "42704", "28000", "XX000" ->
                error.message().startsWith("invalid role OID")
                        || error.message().startsWith("role with OID");
            default -> false;
        };
    }
}
