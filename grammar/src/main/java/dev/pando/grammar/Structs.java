package dev.pando.grammar;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which fields of which nodes hold a certain struct instead of any node; the list is made by the build ({@code npm/structs.mjs}). */
final class Structs {
    private static final Map<String, String> BY_FIELD = load();

    private Structs() {}

    /** The tag of what a node's field holds, null for a field that holds any node. */
    static @Nullable String of(String tag, String field) {
        return BY_FIELD.get(tag + "." + field);
    }

    private static Map<String, String> load() {
        try (InputStream in = Structs.class.getResourceAsStream("structs")) {
            if (in == null) {
                throw new IllegalStateException("the list of structs is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.endsWith("=Node"))
                    .collect(Collectors.toUnmodifiableMap(
                            line -> line.substring(0, line.indexOf('=')),
                            line -> line.substring(line.indexOf('=') + 1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
