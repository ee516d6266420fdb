package dev.pando.lab;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        endAll(data, file.getFirst().strip(), "INT", 20);
        endAll(data, file.getFirst().strip(), "KILL", 5);
        if (!processesOf(data, file.getFirst().strip()).isEmpty()) {
            throw new PandoException(
                    PandoError.SERVER_START_FAILED, server, "an older process on its data does not end");
        }
        Files.deleteIfExists(data.resolve("postmaster.pid"));
    }

    /** Whether a server works on {@code data}, or still ends. */
    static boolean work(Path data) throws IOException {
        List<String> file = ServerProcess.postmasterFile(data);
        return !file.isEmpty() && !processesOf(data, file.getFirst().strip()).isEmpty();
    }

    /** Signals again every second: a server that is just starting may miss the first. */
    private static void endAll(Path data, String postmaster, String signal, int tries)
            throws IOException, InterruptedException {
        for (int i = 0; i < tries; i++) {
            List<ProcessHandle> processes = processesOf(data, postmaster);
            List<ProcessHandle> heads = processes.stream()
                    .filter(process -> Long.toString(process.pid()).equals(postmaster))
                    .toList();
            // A fast shutdown is the postmaster's affair; children that outlived it get the signal themselves.
            for (ProcessHandle process : heads.isEmpty() || signal.equals("KILL") ? processes : heads) {
                signal(process, signal);
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            for (ProcessHandle process : processes) {
                awaitEnd(process, deadline - System.nanoTime());
            }
            if (processes.isEmpty()) {
                return;
            }
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
