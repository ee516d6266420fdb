package dev.pando.lab;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Runs PostgreSQL's programs without root's rights, because they refuse to run with them. A normal user needs nothing. For root the
 * first way that works is taken: a user namespace (files stay root's, no capability is left), else {@code setpriv} or {@code runuser}
 * to the user {@code nobody}, who then has to own the data and to reach the binaries.
 */
final class Launcher {
    /** The ways to run a program, in order of preference for root. */
    enum Way {
        PLAIN(""),
        NAMESPACE("unshare -U --"),
        SETPRIV("setpriv --reuid=nobody --regid=nogroup --clear-groups --"),
        RUNUSER("runuser -u nobody --");

        private final String prefix;

        Way(String prefix) {
            this.prefix = prefix;
        }

        List<String> prefix() {
            return prefix.isEmpty() ? List.of() : List.of(prefix.split(" "));
        }

        /** Whether files have to belong to {@code nobody}. */
        boolean changesOwner() {
            return this == SETPRIV || this == RUNUSER;
        }
    }

    /** Where programs, their libraries and the hour are found; LC_ALL is C always. */
    private static final Set<String> KEPT = Set.of("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ", "LC_ALL");

    private static final class NoNewPrivileges {
        private static final List<String> SETPRIV = List.of("setpriv", "--no-new-privs", "--");
        static final List<String> PREFIX =
                succeeds(Stream.concat(SETPRIV.stream(), Stream.of("true")).toList()) ? SETPRIV : List.of();
    }

    private static final class Machine {
        static final Launcher LAUNCHER = choose(runningAsRoot(), Launcher::works);
    }

    private final Way way;

    Launcher(Way way) {
        this.way = way;
    }

    /** The launcher that works on this machine; probed once. */
    static Launcher ofThisMachine() {
        return Machine.LAUNCHER;
    }

    static Launcher choose(boolean root, Predicate<Way> works) {
        if (!root) {
            return new Launcher(Way.PLAIN);
        }
        for (Way way : List.of(Way.NAMESPACE, Way.SETPRIV, Way.RUNUSER)) {
            if (works.test(way)) {
                return new Launcher(way);
            }
        }
        throw new PandoException(
                PandoError.CANNOT_DROP_ROOT, "unshare, setpriv and runuser are missing here or not permitted");
    }

    static boolean runningAsRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static boolean works(Way way) {
        List<String> command = new ArrayList<>(way.prefix());
        command.addAll(List.of("sh", "-c", "test \"$(id -u)\" -ne 0"));
        return succeeds(command);
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process = quiet(command).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // the program does not exist here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static ProcessBuilder quiet(List<String> command) {
        return new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    Way way() {
        return way;
    }

    /** A process of {@code command} that starts in {@code /}, which every user can enter, and inherits no setting of libpq. */
    ProcessBuilder builder(List<String> command) {
        List<String> whole = new ArrayList<>(way.prefix());
        whole.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(whole).directory(Path.of("/").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /**
     * The same for servers that the SQL of others may run on: without this process's environment, which may hold secrets, and where the
     * machine can do that, without a way to more rights by set-user-ID programs.
     */
    ProcessBuilder sealed(List<String> command) {
        List<String> whole = new ArrayList<>(NoNewPrivileges.PREFIX);
        whole.addAll(command);
        ProcessBuilder builder = builder(whole);
        builder.environment().keySet().removeIf(name -> !KEPT.contains(name));
        return builder;
    }

    /** Runs {@code command} to its end, with its output appended to {@code log}. */
    int run(Path log, List<String> command) throws IOException, InterruptedException {
        Process process = builder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process.getOutputStream().close();
        return process.waitFor();
    }

    /** Gives {@code folder} and all in it to the user that servers run as, unless they are that user's already. */
    void own(Path folder) throws IOException {
        if (way == Way.PLAIN) {
            return;
        }
        UserPrincipal owner = folder.getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(way.changesOwner() ? "nobody" : "root");
        if (Files.getOwner(folder).equals(owner)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.getFileAttributeView(file, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setOwner(owner);
            }
        }
    }

    /** Whether {@code user} is this process's, or who servers run as. */
    boolean owns(UserPrincipal user) {
        return user.getName().equals(System.getProperty("user.name"))
                || (way.changesOwner() && user.getName().equals("nobody"));
    }

    /** Fails with the reason if the user that servers run as cannot enter {@code folder}. */
    void requireReachable(Path folder) throws IOException, InterruptedException {
        if (!way.changesOwner()) {
            return;
        }
        List<String> command = new ArrayList<>(way.prefix());
        command.addAll(List.of("test", "-x", folder.toString()));
        if (quiet(command).start().waitFor() != 0) {
            throw new PandoException(
                    PandoError.CANNOT_DROP_ROOT,
                    "user nobody cannot reach " + folder + "; choose a folder it can enter");
        }
    }
}
