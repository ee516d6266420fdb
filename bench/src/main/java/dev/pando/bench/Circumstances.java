package dev.pando.bench;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;

/**
 * When and where figures were taken.
 *
 * @param loadBefore the machine's load average before anything was started
 * @param notes what was left out, and why
 */
record Circumstances(Instant at, WriteReport.Machine machine, double loadBefore, List<String> notes) {
    Circumstances {
        notes = List.copyOf(notes);
    }

    static Circumstances now() {
        return new Circumstances(
                Instant.now(),
                WriteCommand.machine(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                List.of());
    }

    Circumstances with(List<String> more) {
        return new Circumstances(at, machine, loadBefore, more);
    }

    void print(PrintWriter out) {
        out.println(machine.line(loadBefore));
        notes.forEach(out::println);
    }
}
