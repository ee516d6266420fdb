package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What the event loops allocate for a statement that passes through. Bounds are generous: how much the compiler saves differs from run to
 * run. What they are to find is another map, stream or string per statement, of which each costs hundreds of bytes.
 */
class AllocationTest {
    private static final int WARM_UP = 4_000;
    private static final int MEASURED = 4_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static long allocated() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("pando-loop"))
                .mapToLong(ThreadInfo::getThreadId)
                .map(THREADS::getThreadAllocatedBytes)
                .sum();
    }

    private static long bytesPerQuery(WireClient client) throws IOException {
        long before = 0;
        for (int i = -WARM_UP; i < MEASURED; i++) {
            if (i == 0) {
                before = allocated();
            }
            client.query("SELECT " + Math.abs(i));
            assertThat(client.received().rows()).isEqualTo(1);
        }
        return (allocated() - before) / MEASURED;
    }

    @Test
    void aSimpleQueryCostsLittleMemory() throws Exception {
        try (Running pando = Running.before(1, "[listen]\nport = 0\n[pool]\nsize = 1");
                WireClient client = new WireClient(pando.port()).login()) {
            long bytes = bytesPerQuery(client);
            assertThat(bytes).isLessThan(3_200);
        }
    }
}
