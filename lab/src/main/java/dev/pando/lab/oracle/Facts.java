package dev.pando.lab.oracle;

import dev.pando.lab.oracle.SchemaState.Edge;
import dev.pando.lab.oracle.SchemaState.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares two states and makes an observation of them; knows nothing of servers. */
final class Facts {
    /** Below this many pages a table's blocks are fetched by chance. */
    private static final long FEW_PAGES = 3;

    private final SchemaState before;
    private final SchemaState after;
    private final List<String> notes;

    Facts(SchemaState before, SchemaState after, List<String> notes) {
        this.before = before;
        this.after = after;
        this.notes = notes;
    }

    Observation observation(String sql, Map<Long, Set<LockMode>> modes) {
        Set<Long> emptied = emptied();
        List<IndexBuild> builds = builds(emptied);
        return new Observation(
                new Outcome.Observed(),
                locks(sql, modes),
                files(emptied, builds),
                builds,
                reads(emptied),
                false,
                Set.of(),
                notes.stream().distinct().filter(Facts::telling).toList());
    }

    private static boolean telling(String note) {
        return note.startsWith("verifying table")
                || note.startsWith("rewriting table")
                || note.startsWith("validating foreign key constraint")
                || note.contains("sufficient to prove")
                || note.contains("implied by existing constraints")
                || note.endsWith("does not exist, skipping");
    }

    private List<RelationLock> locks(String sql, Map<Long, Set<LockMode>> modes) {
        Map<Long, Set<LockMode>> known = new HashMap<>();
        modes.forEach((oid, set) -> {
            if (row(oid) != null) {
                known.put(oid, strongest(set));
            }
        });
        Set<Long> named = Mentions.of(sql, before, after);
        Row target = named.stream()
                .filter(known::containsKey)
                .map(this::row)
                .filter(row -> row != null && !newIndex(row))
                .findFirst()
                .orElse(null);
        Set<Edge> edges = new HashSet<>(before.edges());
        edges.addAll(after.edges());
        Roles roles = new Roles(edges, known.keySet(), named, partitioned(), target);
        List<RelationLock> locks = new ArrayList<>();
        known.forEach((oid, set) -> {
            Row row = Objects.requireNonNull(row(oid));
            Role role = roles.of(row);
            for (LockMode mode : set) {
                if (role == Role.TARGET || !needless(row, mode, known)) {
                    locks.add(new RelationLock(relation(row), mode, role));
                }
            }
        });
        locks.sort(Comparator.comparing(RelationLock::role)
                .thenComparing(lock -> lock.relation().qualifiedName())
                .thenComparing(RelationLock::mode));
        return locks;
    }

    /** Without the modes that another one covers. */
    private static Set<LockMode> strongest(Set<LockMode> modes) {
        return modes.stream()
                .filter(mode -> modes.stream().noneMatch(other -> other != mode && other.covers(mode)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(LockMode.class)));
    }

    /** Whether a lock on an index keeps nobody out that the lock on its table lets pass, or the index is new. */
    private boolean needless(Row row, LockMode mode, Map<Long, Set<LockMode>> known) {
        if (!row.kind().isIndex()) {
            return false;
        }
        return newIndex(row)
                || known.getOrDefault(row.table(), Set.of()).stream().anyMatch(table -> table.covers(mode));
    }

    private Set<Long> partitioned() {
        return Stream.of(before, after)
                .flatMap(state -> state.relations().values().stream())
                .filter(row -> row.kind() == RelationKind.PARTITIONED_TABLE)
                .map(Row::oid)
                .collect(Collectors.toSet());
    }

    private boolean newIndex(Row row) {
        return row.kind().isIndex() && !before.relations().containsKey(row.oid());
    }

    /** Indexes that were built are told as that. */
    private List<FileChange> files(Set<Long> emptied, List<IndexBuild> builds) {
        Set<Relation> built = builds.stream().map(IndexBuild::index).collect(Collectors.toSet());
        List<FileChange> files = new ArrayList<>();
        for (Row old : before.relations().values()) {
            boolean told = emptied.contains(old.table()) || built.contains(relation(old));
            if (changedFile(old) && !told && old.kind() != RelationKind.SEQUENCE) {
                files.add(new FileChange(
                        relation(old),
                        emptied.contains(old.oid()) ? FileChange.Kind.EMPTIED : FileChange.Kind.REPLACED));
            }
        }
        files.sort(Comparator.comparing(file -> file.relation().qualifiedName()));
        return files;
    }

    private boolean changedFile(Row old) {
        Row now = after.relations().get(old.oid());
        return now != null && now.file() != old.file();
    }

    private Set<Long> emptied() {
        return before.relations().values().stream()
                .filter(old -> old.kind().hasRows() && changedFile(old))
                .filter(old -> old.counts().pages() > 0)
                .map(Row::oid)
                .filter(oid -> Objects.requireNonNull(after.relations().get(oid))
                                .counts()
                                .pages()
                        == 0)
                .collect(Collectors.toSet());
    }

    private List<IndexBuild> builds(Set<Long> emptied) {
        Set<Long> oldFiles = before.relations().values().stream().map(Row::file).collect(Collectors.toSet());
        List<IndexBuild> builds = new ArrayList<>();
        for (Row index : after.relations().values()) {
            Row table = before.relations().get(index.table());
            boolean built = index.kind() == RelationKind.INDEX && index.file() != 0 && !oldFiles.contains(index.file());
            if (table != null && built && saysBuilding(index) && !emptied.contains(table.oid())) {
                boolean again = before.find(index.schema(), index.name()) != null;
                builds.add(new IndexBuild(
                        new Relation(index.schema(), index.name(), index.kind(), again), relation(table), again));
            }
        }
        builds.sort(Comparator.comparing(build -> build.index().qualifiedName()));
        return builds;
    }

    /** The message of {@code index_build}; a file that was only copied to another tablespace has none. */
    private boolean saysBuilding(Row index) {
        // While REINDEX CONCURRENTLY runs, the new index has another name.
        return notes.stream()
                .anyMatch(note -> note.startsWith("building index \"" + index.name() + "\"")
                        || note.startsWith("building index \"" + index.name() + "_ccnew"));
    }

    private List<TableRead> reads(Set<Long> emptied) {
        List<TableRead> reads = new ArrayList<>();
        for (Row old : before.relations().values()) {
            Row now = after.relations().get(old.oid());
            if (now == null || !old.kind().hasRows() || emptied.contains(old.oid())) {
                continue;
            }
            long blocks = now.counts().blocks() - old.counts().blocks();
            if (now.counts().scans() > old.counts().scans()) {
                reads.add(new TableRead(relation(old), TableRead.Kind.SCAN));
            } else if (old.counts().pages() >= FEW_PAGES
                    && blocks >= old.counts().pages()) {
                reads.add(new TableRead(relation(old), TableRead.Kind.ALL_BLOCKS));
            }
        }
        reads.sort(Comparator.comparing(read -> read.relation().qualifiedName()));
        return reads;
    }

    private @Nullable Row row(long oid) {
        return Stream.of(before, after)
                .map(state -> state.relations().get(oid))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private Relation relation(Row row) {
        return new Relation(
                row.schema(), row.name(), row.kind(), before.relations().containsKey(row.oid()));
    }
}
