package dev.pando.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/** What the operating system says of a process: from Linux's /proc (proc(5)), elsewhere what Java knows. */
final class OperatingSystem {
    /** Of a second: USER_HZ, which is 100 wherever Java runs on Linux. */
    private static final int TICK_MILLIS = 10;

    /** Fields of stat behind the name, which is in parentheses and may hold anything. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;

    private OperatingSystem() {}

    /** Processor time, user and system, of all its threads since its start. */
    static Duration cpu(ProcessHandle process) {
        Path stat = Path.of("/proc/" + process.pid() + "/stat");
        if (!Files.exists(stat)) {
            return process.info().totalCpuDuration().orElse(Duration.ZERO);
        }
        String text = read(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return Duration.ofMillis(
                TICK_MILLIS * (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])));
    }

    /** Kilobytes in memory; empty where there is no /proc. */
    static OptionalLong residentKilobytes(long pid) {
        Path status = Path.of("/proc/" + pid + "/status");
        if (!Files.exists(status)) {
            return OptionalLong.empty();
        }
        return read(status)
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
