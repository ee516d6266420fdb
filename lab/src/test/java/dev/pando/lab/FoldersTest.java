package dev.pando.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    private static final int MANY = 3_000;

    @TempDir
    private Path parent;

    @Test
    void aFolderThatSomebodyStillWritesIntoIsDeletedOnceHeStops() throws IOException {
        Path folder = Files.createDirectories(parent.resolve("data/base"));
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < MANY && write(folder.resolve("file" + i)); i++) {
                if (i == 100) {
                    begun.complete(null);
                }
            }
        });
        begun.join();
        Folders.delete(parent.resolve("data"));
        assertThat(parent).isEmptyDirectory();
        writer.join();
    }

    /** False once the folder is gone. */
    private static boolean write(Path file) {
        try {
            Files.writeString(file, "x");
            return true;
        } catch (IOException gone) {
            return false;
        }
    }
}
