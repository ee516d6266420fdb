package dev.pando.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs Java as somebody who is not root: the user {@code nobody} when the tests run as root, else simply their user. */
final class NormalUser {
    private static final List<String> BECOME =
            List.of("setpriv", "--reuid=nobody", "--regid=" + 65534, "--clear-groups", "--");

    private NormalUser() {}

    /** Java whose process may write into {@code folder} and can read the classes, of which root's own repository is closed to others. */
    static PandoProcess.Java java(Path folder) throws IOException, InterruptedException {
        PandoProcess.Java usual = PandoProcess.Java.usual();
        if (!"root".equals(System.getProperty("user.name"))) {
            return usual;
        }
        List<String> probe = new ArrayList<>(BECOME);
        probe.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        probe.add("-version");
        assumeTrue(works(probe), "root cannot become nobody here, or nobody cannot run this Java");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path library = Files.createDirectory(folder.resolve("library"));
        List<String> copies = new ArrayList<>();
        for (String entry : usual.classPath().split(File.pathSeparator, -1)) {
            Path source = Path.of(entry);
            if (Files.exists(source)) {
                Path copy = library.resolve(copies.size() + ".jar");
                copy(source, copy);
                copies.add(copy.toString());
            }
        }
        open(library);
        Map<String, String> environment = Map.of(
                "HOME",
                folder.toString(),
                "XDG_CACHE_HOME",
                folder.resolve("cache").toString());
        return new PandoProcess.Java(BECOME, String.join(File.pathSeparator, copies), environment);
    }

    private static boolean works(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no setpriv
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static void open(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }
}
