package dev.pando.lab.oracle;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Observations as lines of text, one fact each. Names of relations are bare, as all of the corpus are. */
final class ObservationText {
    private ObservationText() {}

    static List<String> write(Observation observation) {
        return switch (observation.outcome()) {
            case Outcome.Failed failed -> List.of("failed " + failed.sqlState() + " " + failed.message());
            case Outcome.Unknown unknown -> List.of("unknown " + unknown.reason());
            case Outcome.Observed ignored -> facts(observation);
        };
    }

    private static List<String> facts(Observation observation) {
        List<String> lines = new ArrayList<>();
        for (RelationLock lock : observation.locks()) {
            lines.add("lock " + lock.mode() + " " + lock.role() + " " + text(lock.relation()));
        }
        for (FileChange file : observation.files()) {
            lines.add("file " + file.kind() + " " + text(file.relation()));
        }
        for (IndexBuild build : observation.builds()) {
            lines.add((build.again() ? "rebuild " : "build ") + text(build.index()) + " of " + text(build.table()));
        }
        for (TableRead read : observation.reads()) {
            lines.add("read " + read.kind() + " " + text(read.relation()));
        }
        if (observation.refusesTransaction()) {
            lines.add("refuses a transaction block");
        }
        for (Wait wait : new TreeSet<>(observation.waits())) {
            lines.add("wait " + wait);
        }
        observation.notes().forEach(note -> lines.add("note " + note));
        return lines.isEmpty() ? List.of("nothing") : lines;
    }

    private static String text(Relation relation) {
        return (relation.existed() ? "" : "new ") + relation.kind() + " " + relation.qualifiedName();
    }

    static Observation read(List<String> lines) {
        Parsed parsed = new Parsed();
        for (String line : lines) {
            List<String> words = List.of(line.split(" ", -1));
            String rest =
                    line.substring(Math.min(line.length(), words.getFirst().length() + 1));
            switch (words.getFirst()) {
                case "failed" ->
                    parsed.outcome = new Outcome.Failed(
                            words.get(1), rest.substring(words.get(1).length() + 1));
                case "unknown" -> parsed.outcome = new Outcome.Unknown(rest);
                case "lock" ->
                    parsed.locks.add(new RelationLock(
                            relation(words, 3), LockMode.valueOf(words.get(1)), Role.valueOf(words.get(2))));
                case "file" ->
                    parsed.files.add(new FileChange(relation(words, 2), FileChange.Kind.valueOf(words.get(1))));
                case "build", "rebuild" -> parsed.builds.add(build(words));
                case "read" ->
                    parsed.reads.add(new TableRead(relation(words, 2), TableRead.Kind.valueOf(words.get(1))));
                case "refuses" -> parsed.refusesTransaction = true;
                case "wait" -> parsed.waits.add(Wait.valueOf(words.get(1)));
                case "note" -> parsed.notes.add(rest);
                case "nothing" -> parsed.outcome = new Outcome.Observed();
                default -> throw new IllegalArgumentException("not a fact: " + line);
            }
        }
        return parsed.observation();
    }

    private static IndexBuild build(List<String> words) {
        int of = words.indexOf("of");
        boolean again = words.getFirst().equals("rebuild");
        return new IndexBuild(relation(words.subList(0, of), 1), relation(words, of + 1), again);
    }

    private static Relation relation(List<String> words, int from) {
        boolean isNew = words.get(from).equals("new");
        int kind = isNew ? from + 1 : from;
        String name = words.get(kind + 1);
        int dot = name.indexOf('.');
        return new Relation(
                name.substring(0, dot), name.substring(dot + 1), RelationKind.valueOf(words.get(kind)), !isNew);
    }

    /** What has been read so far. */
    private static final class Parsed {
        Outcome outcome = new Outcome.Observed();
        final List<RelationLock> locks = new ArrayList<>();
        final List<FileChange> files = new ArrayList<>();
        final List<IndexBuild> builds = new ArrayList<>();
        final List<TableRead> reads = new ArrayList<>();
        boolean refusesTransaction;
        final Set<Wait> waits = EnumSet.noneOf(Wait.class);
        final List<String> notes = new ArrayList<>();

        Observation observation() {
            return new Observation(outcome, locks, files, builds, reads, refusesTransaction, waits, notes);
        }
    }
}
