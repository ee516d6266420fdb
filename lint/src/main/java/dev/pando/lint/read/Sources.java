package dev.pando.lint.read;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds migrations in files, folders, standard input and ranges of git. */
public final class Sources {
    private static final int MOST_BYTES = 16 << 20;
    private static final int MOST_FILES = 10_000;

    /** By folder, then as tools order versions: numbers by value, and Flyway's repeatable ones last. */
    private static final Comparator<Path> ORDER = Comparator.comparing((Path file) -> String.valueOf(file.getParent()))
            .thenComparing(file -> String.valueOf(file.getFileName()).startsWith("R__"))
            .thenComparing(file -> String.valueOf(file.getFileName()), VersionOrder::compare);

    private Sources() {}

    /** What {@code path} names: a file, or the {@code .sql} files below a folder that run forwards, in the order they run in. */
    public static List<Source> of(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new PandoException(PandoError.LINT_INPUT, path, "there is no such file");
        }
        List<Source> sources = new ArrayList<>();
        for (Path file : Files.isDirectory(path) ? below(path) : List.of(path)) {
            sources.add(file(file));
        }
        return sources;
    }

    /** The files of {@code file}'s folder that run before it. */
    public static List<Source> before(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        List<Source> sources = new ArrayList<>();
        if (folder == null || !forwards(absolute)) {
            return sources;
        }
        Path series = series(absolute);
        for (Path other : below(series)) {
            if (series.equals(series(other)) && ORDER.compare(other, absolute) < 0) {
                sources.add(file(other));
            }
        }
        return sources;
    }

    /** The folder whose migrations follow one another: that of the file, or above it where each migration has a folder of its own. */
    private static Path series(Path file) {
        Path folder = file.getParent();
        Path above = folder == null ? null : folder.getParent();
        boolean own = Format.of(file.toString(), "") == Format.PRISMA;
        Path series = own ? above : folder;
        return series == null ? Path.of("") : series;
    }

    public static Source standardInput(InputStream in) throws IOException {
        return new Source("<stdin>", decoded("<stdin>", in.readNBytes(MOST_BYTES + 1)));
    }

    /**
     * The {@code .sql} files that a range of git's adds or changes, as they are at its end; {@code A..B}, {@code A...B}, or one revision,
     * whose end is what lies in the folder. Of a changelog only what the range adds to it.
     */
    public static List<Source> ofGit(Path folder, String range) throws IOException, InterruptedException {
        if (range.startsWith("-")) {
            throw new PandoException(PandoError.LINT_INPUT, "--git " + range, "that is no range of revisions");
        }
        int dots = range.indexOf("..");
        String end = dots < 0 ? "" : range.substring(dots).replaceFirst("^\\.+", "");
        String revision = dots < 0 ? "" : end.isEmpty() ? "HEAD" : end;
        Path root = Path.of(git(folder, "rev-parse", "--show-toplevel").strip());
        String names = git(
                folder,
                "-c",
                "core.quotePath=false",
                "diff",
                "--name-only",
                "--no-renames",
                "--diff-filter=AM",
                range,
                "--",
                "*.sql");
        List<Path> files = new ArrayList<>();
        for (String name : names.split("\n", -1)) {
            if (!name.isEmpty() && forwards(Path.of(name))) {
                files.add(Path.of(name));
            }
        }
        requireFew(files, "--git " + range);
        files.sort(ORDER);
        Set<String> old = names(root, start(range));
        List<Source> sources = new ArrayList<>();
        for (Path file : files.stream().distinct().toList()) {
            String name = file.toString();
            String text = revision.isEmpty()
                    ? file(within(root.toRealPath(), root.resolve(file))).text()
                    : git(folder, "show", revision + ":" + file);
            boolean grows = old.contains(name) && Format.of(name, text) == Format.LIQUIBASE;
            sources.add(new Source(
                    name, grows ? Changelog.since(git(folder, "show", start(range) + ":" + file), text) : text));
        }
        return sources;
    }

    /** The revision before a range. */
    private static String start(String range) {
        int dots = range.indexOf("..");
        String from = dots < 0 ? range : range.substring(0, dots);
        return from.isEmpty() ? "HEAD" : from;
    }

    private static Set<String> names(Path root, String revision) throws IOException, InterruptedException {
        String names = git(root, "-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", revision);
        return new LinkedHashSet<>(List.of(names.split("\n", -1)));
    }

    /** The {@code .sql} files beside those that a range of git's adds or changes, as they were before it; those too that run again. */
    public static List<Source> beforeGit(Path folder, String range, List<Source> changed)
            throws IOException, InterruptedException {
        Set<Path> folders = new TreeSet<>();
        changed.forEach(source -> folders.add(series(Path.of(source.name()))));
        List<Path> files = new ArrayList<>();
        Path root = Path.of(git(folder, "rev-parse", "--show-toplevel").strip());
        for (String name : names(root, start(range))) {
            Path file = Path.of(name);
            boolean gone = changed.stream()
                    .anyMatch(source -> source.name().equals(name) && !Changelog.runsAgain(name, source.text()));
            if (name.endsWith(".sql") && forwards(file) && !gone && folders.contains(series(file))) {
                files.add(file);
            }
        }
        requireFew(files, "--git " + range);
        files.sort(ORDER);
        List<Source> sources = new ArrayList<>();
        for (Path file : files) {
            sources.add(new Source(file.toString(), git(folder, "show", start(range) + ":" + file)));
        }
        return sources;
    }

    private static String git(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        Path complaints = Files.createTempFile("pando-git-", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(complaints.toFile())
                    .start();
            process.getOutputStream().close();
            byte[] said = process.getInputStream().readNBytes(MOST_BYTES + 1);
            process.getInputStream().close();
            int exit = process.waitFor();
            if (exit != 0) {
                throw new PandoException(
                        PandoError.LINT_INPUT,
                        "git " + String.join(" ", arguments),
                        Files.readString(complaints).strip());
            }
            return decoded("git " + String.join(" ", arguments), said);
        } finally {
            Files.delete(complaints);
        }
    }

    private static List<Path> below(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> files = walk.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".sql"))
                    .filter(Sources::forwards)
                    .limit(MOST_FILES + 1L)
                    .sorted(ORDER)
                    .toList();
            requireFew(files, folder.toString());
            Path real = folder.toRealPath();
            for (Path file : files) {
                within(real, file);
            }
            return files;
        }
    }

    private static void requireFew(List<Path> files, String where) {
        if (files.size() > MOST_FILES) {
            throw new PandoException(PandoError.LINT_INPUT, where, "more than " + MOST_FILES + " files");
        }
    }

    /** A folder of others must not show files of this machine by links. */
    private static Path within(Path folder, Path file) throws IOException {
        if (!file.toRealPath().startsWith(folder)) {
            throw new PandoException(PandoError.LINT_INPUT, file, "a link that leads out of " + folder);
        }
        return file;
    }

    /** Undo migrations run when somebody goes back. */
    private static boolean forwards(Path file) {
        String name = String.valueOf(file.getFileName());
        return !name.endsWith(".down.sql") && !name.matches("U[0-9][0-9._]*__.*");
    }

    private static Source file(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new PandoException(PandoError.LINT_INPUT, file, "more than " + (MOST_BYTES >> 20) + " MB");
        }
        Path settings = file.resolveSibling(file.getFileName() + ".conf");
        return new Source(
                file.toString(),
                decoded(file.toString(), Files.readAllBytes(file)),
                Files.isRegularFile(settings, LinkOption.NOFOLLOW_LINKS)
                        ? decoded(settings.toString(), Files.readAllBytes(settings))
                        : "");
    }

    private static String decoded(String name, byte[] bytes) throws IOException {
        if (bytes.length > MOST_BYTES) {
            throw new PandoException(PandoError.LINT_INPUT, name, "more than " + (MOST_BYTES >> 20) + " MB");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw new PandoException(PandoError.LINT_INPUT, name, "it holds a zero byte, so it is no text");
            }
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw PandoException.causedBy(
                    e, PandoError.LINT_INPUT, name, NotUtf8.words(new ByteArrayInputStream(bytes)));
        }
    }
}
