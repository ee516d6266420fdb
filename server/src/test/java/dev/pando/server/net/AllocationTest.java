package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What the event loops allocate for a statement that passes through. Bounds are generous: how much the compiler saves differs from run to
 * run. What they are to find is another map, stream or string per statement, of which each costs hundreds of bytes.
 */
class AllocationTest {
    private static final int WARM_UP = 4_000;
    private static final int MEASURED = 4_000;
    private static final long SIMPLE = 1_700;
    private static final long PREPARED = 3_400;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static long allocated() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("pando-loop"))
                .mapToLong(ThreadInfo::getThreadId)
                .map(THREADS::getThreadAllocatedBytes)
                .sum();
    }

    /** A request that is answered with one row. */
    private interface Request {
        ByteBuf of(int number);
    }

    private static long bytesPerRequest(WireClient client, Request request) throws IOException {
        long before = 0;
        for (int i = -WARM_UP; i < MEASURED; i++) {
            if (i == 0) {
                before = allocated();
            }
            client.send(request.of(Math.abs(i)));
            assertThat(client.received().rows()).isEqualTo(1);
        }
        return (allocated() - before) / MEASURED;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuf query(int number) {
        byte[] sql = text("SELECT " + number + "\0");
        return Unpooled.buffer().writeByte('Q').writeInt(4 + sql.length).writeBytes(sql);
    }

    private static ByteBuf parse(String name, String sql) {
        byte[] both = text(name + "\0" + sql + "\0");
        return sync(Unpooled.buffer()
                .writeByte('P')
                .writeInt(4 + both.length + 2)
                .writeBytes(both)
                .writeShort(0));
    }

    /** Bind, Execute and Sync of the statement {@code s}. */
    private static ByteBuf execution(int number) {
        byte[] value = text(Integer.toString(number));
        ByteBuf out = Unpooled.buffer().writeByte('B').writeInt(4 + 3 + 2 + 2 + 4 + value.length + 2);
        out.writeBytes(text("\0s\0")).writeShort(0);
        out.writeShort(1).writeInt(value.length).writeBytes(value);
        out.writeShort(0);
        return sync(out.writeByte('E').writeInt(9).writeByte(0).writeInt(0));
    }

    private static ByteBuf sync(ByteBuf out) {
        return out.writeByte('S').writeInt(4);
    }

    @Test
    void aSimpleQueryCostsLittleMemory() throws Exception {
        try (Running pando = Running.before(1, "[listen]\nport = 0\n[pool]\nsize = 1");
                WireClient client = new WireClient(pando.port()).login()) {
            assertThat(bytesPerRequest(client, AllocationTest::query)).isLessThan(SIMPLE);
        }
    }

    @Test
    void aPreparedStatementCostsLittleMemory() throws Exception {
        try (Running pando = Running.before(1, "[listen]\nport = 0\n[pool]\nsize = 1");
                WireClient client = new WireClient(pando.port()).login()) {
            client.send(parse("s", "SELECT $1::pg_catalog.int4"));
            client.received();
            assertThat(bytesPerRequest(client, AllocationTest::execution)).isLessThan(PREPARED);
        }
    }
}
