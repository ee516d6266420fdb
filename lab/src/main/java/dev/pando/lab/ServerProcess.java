package dev.pando.lab;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One running {@code postgres} with the shell that watches over it; owned by the thread that started it.
 *
 * <p>What can go wrong: this JVM is killed with -9 and cannot stop its servers. So each server is the child of a small shell that
 * reads signals' names from a pipe whose other end only this JVM holds. When the JVM is gone, however it went, the pipe ends and the
 * shell asks the server for a fast shutdown. The shell is told every signal through the pipe too, which spares this process from
 * guessing whether a process id still is its server's. A session of their own ({@code setsid}) keeps a terminal's Ctrl-C from reaching
 * the servers before Pando does.
 */
final class ServerProcess {
    /** How a server is asked to stop. */
    enum Stop {
        /** Clients are disconnected, a last checkpoint is written. */
        FAST("INT"),
        /** As after a crash: nothing is written, the next start replays the log. */
        IMMEDIATE("QUIT");

        private final String signal;

        Stop(String signal) {
            this.signal = signal;
        }
    }

    /**
     * Arguments: log file, folder to remove once this JVM is gone or "", command. The shell ignores what a process group gets; the signal is
     * repeated because a server that is just starting may miss it.
     */
    private static final String WATCH = """
            log=$1 folder=$2
            shift 2
            trap '' HUP INT TERM
            exec 3<&0
            "$@" </dev/null >>"$log" 2>&1 3<&- &
            server=$!
            (
              while read -r signal <&3; do kill -s "$signal" "$server"; done
              [ -z "$folder" ] || : >"$folder/abandoned"
              while kill -s INT "$server"; do sleep 1; done
            ) >/dev/null 2>&1 &
            reader=$!
            exec 3<&-
            wait "$server"
            status=$?
            kill -s KILL "$reader"
            if [ -n "$folder" ] && [ -e "$folder/abandoned" ]; then
              rm -rf -- "$folder" || { sleep 2; rm -rf -- "$folder"; }
            fi
            exit "$status"
            """;

    private static final boolean SETSID =
            Files.isExecutable(Path.of("/usr/bin/setsid")) || Files.isExecutable(Path.of("/bin/setsid"));
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int STATUS_LINE = 7;

    private final String name;
    private final Process process;
    private final Path folder;
    private final Path log;

    private ServerProcess(String name, Process process, Path folder, Path log) {
        this.name = name;
        this.process = process;
        this.folder = folder;
        this.log = log;
    }

    /** In a throwaway folder: it is to be removed when the server has ended. */
    static final String ABANDONED = "abandoned";

    /** What to start: {@code throwaway} is a folder to remove if this JVM goes first, or "". */
    record Command(
            String name, Binaries binaries, Path folder, Path log, String throwaway, Map<String, String> settings) {}

    static ServerProcess start(Launcher launcher, Command command) throws IOException {
        List<String> words = new ArrayList<>();
        if (SETSID) {
            words.add("setsid");
        }
        words.addAll(List.of("sh", "-c", WATCH, "pando-server", command.log().toString(), command.throwaway()));
        words.addAll(List.of(
                command.binaries().program("postgres").toString(),
                "-D",
                command.folder().toString()));
        command.settings().forEach((key, value) -> words.addAll(List.of("-c", key + "=" + value)));
        ProcessBuilder builder = command.throwaway().isEmpty() ? launcher.builder(words) : launcher.sealed(words);
        Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(command.log().toFile()))
                .start();
        return new ServerProcess(command.name(), process, command.folder(), command.log());
    }

    /** Waits until the server takes connections and tells its process id. */
    long awaitReady(Duration limit) throws InterruptedException, IOException {
        long tries = limit.dividedBy(POLL);
        for (long i = 0; i < tries; i++) {
            List<String> status = postmasterFile(folder);
            if (status.size() > STATUS_LINE && status.get(STATUS_LINE).strip().equals("ready")) {
                return Long.parseLong(status.getFirst().strip());
            }
            if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new PandoException(PandoError.SERVER_START_FAILED, name, lastWords(log) + " [" + log + "]");
            }
        }
        throw new PandoException(
                PandoError.SERVER_START_FAILED, name, "not ready after " + limit.toSeconds() + " s [" + log + "]");
    }

    /** The lines of {@code postmaster.pid}: process id first, state of the server eighth; empty if no server runs. */
    static List<String> postmasterFile(Path folder) throws IOException {
        try {
            return Files.readAllLines(folder.resolve("postmaster.pid"), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return List.of(); // no server has written it yet, or it has ended
        }
    }

    /** The log's last complaint, to be shown to a person. */
    static String lastWords(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "no log was written";
        }
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        return lines.reversed().stream()
                .limit(30)
                .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
                .findFirst()
                .orElse(lines.isEmpty() ? "its log is empty" : lines.getLast());
    }

    /** Asks the server to stop, without waiting. False if the watching shell has ended; the pipe has then ended too. */
    boolean signal(Stop stop) {
        return send(stop.signal);
    }

    /** Asks the server to read its configuration again. */
    boolean reload() {
        return send("HUP");
    }

    private synchronized boolean send(String signal) {
        try {
            OutputStream pipe = process.getOutputStream();
            pipe.write((signal + "\n").getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
            return true;
        } catch (IOException e) {
            return false; // the process object closes its pipe when the shell ends
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end of the server; false if it still runs after {@code limit}. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for the end of the server: its exit code, or 128 + the signal that killed it. */
    int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }
}
