package dev.pando.bench;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A proxy's process, started here and ended by its own id, and what the operating system says it has used. */
final class ProxyProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final String name;
    private final Process process;
    private final Path log;

    private ProxyProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** @param log gets what it prints */
    static ProxyProcess start(String name, Path log, List<String> command) {
        try {
            Process process = new ProcessBuilder(inSessionOfItsOwn(command))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process.getOutputStream().close();
            return new ProxyProcess(name, process, log);
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.BENCH_PROXY, name, Lines.first(e));
        }
    }

    /** As services run. Linux shares processor time out among sessions, so a proxy in the clients' own would go short with them. */
    private static List<String> inSessionOfItsOwn(List<String> command) {
        if (!Files.isExecutable(SETSID)) {
            return command;
        }
        List<String> whole = new ArrayList<>(command);
        whole.addFirst(SETSID.toString());
        return whole;
    }

    /** Waits for {@code ready}, which is asked again and again; fails with its last words if it ends before, or takes too long. */
    void await(BooleanSupplier ready) throws InterruptedException {
        long begun = System.nanoTime();
        while (!ready.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() - begun > START_LIMIT.toNanos()) {
                throw new PandoException(PandoError.BENCH_PROXY, name, said().strip());
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }

    /** All it has printed so far. */
    String said() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.BENCH_PROXY, name, Lines.first(e));
        }
    }

    /** Processor time, user and system, since its start. Java does not tell it of another user's process, the system does. */
    Duration cpu() {
        return OperatingSystem.cpu(process.toHandle());
    }

    /** Kilobytes in memory; empty where there is no /proc. */
    OptionalLong residentKilobytes() {
        return OperatingSystem.residentKilobytes(process.pid());
    }

    /** Empty where the system does not tell. */
    OptionalLong openFiles() {
        return OperatingSystem.openFiles(process.pid());
    }

    /** Asks it to end, and after a while ends it; what it has started (a launcher that still builds) ends too. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
