package dev.pando.lab;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends what still runs on a data folder whose Pando is gone. {@code postmaster.pid} alone cannot be believed: after a crash of the
 * machine its process id may be a stranger's, and after a kill of the postmaster its children may live on for a moment. So on Linux
 * the processes are those whose working folder is the data folder, as that of every PostgreSQL process is; elsewhere the process of
 * the file, if its program is {@code postgres}.
 */
final class Leftovers {
    private static final boolean PROC = Files.isDirectory(Path.of("/proc/self"));

    private Leftovers() {}

    /** Returns when no process works on {@code data} any more, and no {@code postmaster.pid} is left there. */
    static void end(ServerName server, Path data) throws IOException, InterruptedException {
        List<String> file = ServerProcess.postmasterFile(data);
        if (file.isEmpty()) {
            return;
        }
        endAll(data, file.getFirst().strip(), "INT", Duration.ofSeconds(20));
        endAll(data, file.getFirst().strip(), "KILL", Duration.ofSeconds(5));
        if (!processesOf(data, file.getFirst().strip()).isEmpty()) {
            throw new PandoException(
                    PandoError.SERVER_START_FAILED, server, "an older process on its data does not end");
        }
        Files.deleteIfExists(data.resolve("postmaster.pid"));
    }

    private static void endAll(Path data, String postmaster, String signal, Duration limit)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        List<ProcessHandle> processes = processesOf(data, postmaster);
        for (ProcessHandle process : processes) {
            // A fast shutdown is the postmaster's affair; its children that outlived it get the signal themselves.
            boolean head = Long.toString(process.pid()).equals(postmaster);
            boolean headless =
                    processes.stream().noneMatch(p -> Long.toString(p.pid()).equals(postmaster));
            if (head || headless || signal.equals("KILL")) {
                signal(process, signal);
            }
        }
        for (ProcessHandle process : processes) {
            awaitEnd(process, deadline - System.nanoTime());
        }
    }

    private static void signal(ProcessHandle process, String signal) throws IOException, InterruptedException {
        // The outcome does not matter: a process that has ended meanwhile is what is wanted.
        new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static void awaitEnd(ProcessHandle process, long nanos) throws InterruptedException {
        try {
            process.onExit().get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return; // the caller looks again, and uses force
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<ProcessHandle> processesOf(Path data, String postmaster) throws IOException {
        if (PROC) {
            Path real = data.toRealPath();
            return ProcessHandle.allProcesses()
                    .filter(process -> real.equals(workingFolder(process)))
                    .toList();
        }
        Optional<ProcessHandle> process =
                postmaster.matches("[0-9]+") ? ProcessHandle.of(Long.parseLong(postmaster)) : Optional.empty();
        return process.filter(handle -> handle.info().command().orElse("").endsWith("/postgres")).stream()
                .toList();
    }

    private static Path workingFolder(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
        } catch (IOException e) {
            return Path.of(""); // it has ended, is a zombie, or is another user's: none of ours
        }
    }
}
