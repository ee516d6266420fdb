package dev.pando.cli;

import dev.pando.lab.twin.Omission;
import dev.pando.lab.twin.Snapshot;
import dev.pando.lab.twin.SnapshotFile;
import dev.pando.lab.twin.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a twin's snapshot comes from, a database or a file, and what is said of what the twin has not. */
final class TwinSource {
    private static final int NAMES = 3;

    private TwinSource() {}

    /** One of both has to be given; null if that is not so. */
    static @Nullable Snapshot read(@Nullable String url, @Nullable Path file, Screen screen) throws IOException {
        if ((url == null) == (file == null)) {
            return null;
        }
        if (file != null) {
            return SnapshotFile.read(file);
        }
        Target target = Target.of(String.valueOf(url), System.getenv());
        screen.live("reading " + target);
        Snapshot snapshot = target.read();
        screen.clear();
        return snapshot;
    }

    /** "not the same: table 1, 2 and 3 more: reason", one line for each kind and reason. */
    static List<String> lines(List<Omission> omissions) {
        return lines("not the same: ", omissions);
    }

    static List<String> lines(String start, List<Omission> omissions) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        for (Omission omission : omissions) {
            names.computeIfAbsent(omission.kind() + "\n" + omission.reason(), key -> new ArrayList<>())
                    .add(omission.name());
        }
        List<String> lines = new ArrayList<>();
        names.forEach((key, all) -> {
            String some = String.join(", ", all.subList(0, Math.min(NAMES, all.size())));
            String more = all.size() > NAMES ? " and " + (all.size() - NAMES) + " more" : "";
            int cut = key.indexOf('\n');
            lines.add(start + key.substring(0, cut) + " " + some + more + ": " + key.substring(cut + 1));
        });
        return lines;
    }
}
