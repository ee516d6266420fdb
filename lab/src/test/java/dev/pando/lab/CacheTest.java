package dev.pando.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
    private final AtomicInteger made = new AtomicInteger();

    private void make(Path folder) throws IOException {
        made.incrementAndGet();
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("bin/program"), "content");
    }

    @Test
    void anEntryIsMadeOnceHoweverManyAsk(@TempDir Path folder) throws Exception {
        List<Integer> askers = IntStream.range(0, 8).boxed().toList();
        Tasks.onEach(
                askers,
                asker -> assertThat(new Cache(folder).entry("it", this::make)).isEqualTo(folder.resolve("it")));
        assertThat(made).hasValue(1);
    }

    @Test
    void aDamagedEntryIsMadeAnew(@TempDir Path folder) throws Exception {
        Cache cache = new Cache(folder);
        Path entry = cache.entry("it", this::make);
        Files.writeString(entry.resolve("bin/program"), "cut");
        cache.entry("it", this::make);
        assertThat(entry.resolve("bin/program")).hasContent("content");
        Files.delete(entry.resolve("bin/program"));
        cache.entry("it", this::make);
        Files.delete(entry.resolve("sealed"));
        cache.entry("it", this::make);
        assertThat(made).hasValue(4);
        assertThat(folder.resolve("it.broken")).doesNotExist();
    }

    @Test
    void aHalfMadeEntryOfAKilledProcessIsMadeAnew(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("it.new/bin"));
        Files.writeString(folder.resolve("it.new/rest"), "half");
        Path entry = new Cache(folder).entry("it", this::make);
        assertThat(entry.resolve("rest")).doesNotExist();
        assertThat(entry.resolve("bin/program")).hasContent("content");
    }
}
