package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** A snapshot as one file: JSON, packed with gzip. Readable by its owner only, since statistics have values of the data. */
public final class SnapshotFile {
    private static final long MOST_BYTES = 1L << 30;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(MOST_BYTES)
                            .maxStringLength(64 << 20)
                            .build())
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private SnapshotFile() {}

    /** Beside an older file of that name, which it replaces when it is whole. */
    public static void write(Snapshot snapshot, Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = Objects.requireNonNullElse(absolute.getParent(), absolute);
        if (Files.isDirectory(absolute)) {
            throw new FileSystemException(file.toString(), null, "Is a directory");
        }
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        if (!Files.isWritable(folder)) {
            throw new AccessDeniedException(folder.toString());
        }
        Path fresh = Files.createTempFile(
                folder,
                ".pando-",
                ".snapshot",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(fresh, StandardOpenOption.WRITE))) {
                MAPPER.writeValue(out, snapshot);
            }
            Files.move(fresh, absolute, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Throws an error of the catalogue for a file that is no snapshot, or one of another format. */
    public static Snapshot read(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            Snapshot snapshot = MAPPER.readValue(in, Snapshot.class);
            if (snapshot.format() != Snapshot.FORMAT) {
                throw new PandoException(
                        PandoError.SNAPSHOT_FILE,
                        file,
                        "its format is " + snapshot.format() + ", this Pando reads " + Snapshot.FORMAT);
            }
            return snapshot;
        } catch (FileSystemException e) {
            throw e; // it names the file
        } catch (JacksonException | IOException e) {
            throw PandoException.causedBy(
                    e,
                    PandoError.SNAPSHOT_FILE,
                    file,
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }
}
