package dev.pando.acceptance;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A folder with the launcher script and what it starts, made of this build's classes, and without sources. */
final class PackagedPando {
    private PackagedPando() {}

    /** Makes {@code folder}, and gives it back. */
    static Path in(Path folder) throws IOException {
        Path target = Files.createDirectories(folder.resolve("cli/target"));
        Path library = Files.createDirectory(target.resolve("lib"));
        List<String> jars = new ArrayList<>();
        for (String entry : PandoProcess.Java.usual().classPath().split(File.pathSeparator, -1)) {
            Path source = Path.of(entry);
            if (Files.isDirectory(source)) {
                jar(source, library.resolve(jars.size() + ".jar"));
            } else if (Files.exists(source)) {
                Files.copy(source, library.resolve(jars.size() + ".jar"));
            } else {
                continue;
            }
            jars.add("@LIB@/" + jars.size() + ".jar");
        }
        jar(Files.createDirectory(folder.resolve("nothing")), target.resolve("cli-1.jar"));
        Files.writeString(target.resolve("classpath.txt"), String.join(File.pathSeparator, jars));
        Files.copy(Path.of("../pando"), folder.resolve("pando"));
        FileTime past = FileTime.fromMillis(System.currentTimeMillis() - TimeUnit.MINUTES.toMillis(1));
        for (Path file :
                List.of(target.resolve("cli-1.jar"), target.resolve("classpath.txt"), folder.resolve("pando"))) {
            Files.setLastModifiedTime(file, past);
        }
        return folder;
    }

    private static void jar(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file);
                Stream<Path> paths = Files.walk(classes)) {
            zip.putNextEntry(new ZipEntry("META-INF/"));
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                zip.putNextEntry(new ZipEntry(classes.relativize(path).toString()));
                zip.write(Files.readAllBytes(path));
            }
        }
    }
}
