package dev.pando.core.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;

/** Collects the problems of one file. */
final class Problems {
    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void add(@Nullable TomlPosition at, String key, String message) {
        int line = at == null ? 1 : at.line();
        int column = at == null ? 1 : at.column();
        found.add(new Problem(file, line, column, key, message));
    }

    /** In another file that this one names. */
    void addIn(String other, int line, String message) {
        found.add(new Problem(other, line, 1, "", message));
    }

    boolean none() {
        return found.isEmpty();
    }

    List<Problem> inFileOrder() {
        return found.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .toList();
    }
}
