package dev.pando.base.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoProblemTest {
    @TempDir
    Path folder;

    @Test
    void aFileIsNamedWithWhatIsWrongWithIt() throws IOException {
        Path none = folder.resolve("none");
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(line(() -> Files.readString(none))).isEqualTo(none + ": No such file or directory");
        assertThat(line(() -> Files.createFile(file))).isEqualTo(file + ": File exists");
        assertThat(line(() -> Files.readString(file.resolve("beneath")))).isEqualTo(file + "/beneath: Not a directory");
        assertThat(line(() -> Files.delete(folder))).isEqualTo(folder + ": Directory not empty");
        assertThat(IoProblem.line(new AccessDeniedException("/root/x"))).isEqualTo("/root/x: Permission denied");
        assertThat(IoProblem.line(new FileSystemException("/x", null, "Read-only file system")))
                .isEqualTo("/x: Read-only file system");
    }

    @Test
    void otherProblemsHaveTheirWords() {
        assertThat(IoProblem.line(new UnknownHostException("db1"))).isEqualTo("db1: no such host");
        assertThat(IoProblem.line(new UncheckedIOException(new IOException("broken pipe"))))
                .isEqualTo("broken pipe");
        assertThat(IoProblem.line(new EOFException())).isEqualTo("java.io.EOFException");
    }

    private static String line(org.assertj.core.api.ThrowableAssert.ThrowingCallable doing) {
        return IoProblem.line(catchThrowableOfType(IOException.class, doing));
    }
}
