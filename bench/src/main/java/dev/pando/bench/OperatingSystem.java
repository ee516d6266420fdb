package dev.pando.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

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

    /** Files and sockets it has open; empty where there is no /proc, or it is another user's. */
    static OptionalLong openFiles(long pid) {
        Path folder = Path.of("/proc/" + pid + "/fd");
        if (!Files.isReadable(folder)) {
            return OptionalLong.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return OptionalLong.of(files.count());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many ports outgoing connections of one address to one port may have; empty where Linux does not tell. */
    static OptionalInt ports() {
        Path range = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
        if (!Files.exists(range)) {
            return OptionalInt.empty();
        }
        // A file of sysctl is there in the first read only, and Files.readString begins with one byte.
        try (BufferedReader reader = Files.newBufferedReader(range)) {
            String[] ends = String.valueOf(reader.readLine()).split("\\s+", -1);
            return OptionalInt.of(Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]) + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
