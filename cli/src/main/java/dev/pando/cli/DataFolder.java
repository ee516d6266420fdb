package dev.pando.cli;

import java.nio.file.Path;
import java.util.Map;

/** Where {@code pando up} keeps its data unless told otherwise. */
final class DataFolder {
    private DataFolder() {}

    /** As the XDG base directory specification says: a relative XDG_DATA_HOME counts as unset. */
    static Path usual(Map<String, String> environment, String home) {
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        Path base = !data.isEmpty() && Path.of(data).isAbsolute() ? Path.of(data) : Path.of(home, ".local", "share");
        return base.resolve("pando");
    }
}
