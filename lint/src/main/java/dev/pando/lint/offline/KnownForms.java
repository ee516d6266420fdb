package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lab.Major;
import dev.pando.lab.oracle.Corpus;
import dev.pando.lab.oracle.FileChange;
import dev.pando.lab.oracle.IndexBuild;
import dev.pando.lab.oracle.LockMode;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.OracleTable;
import dev.pando.lab.oracle.Outcome;
import dev.pando.lab.oracle.Relation;
import dev.pando.lab.oracle.RelationLock;
import dev.pando.lab.oracle.TableRead;
import dev.pando.lint.offline.Form.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What the oracle's table of one major says of forms. Each statement of the corpus gets its form on the tables of its topic, as a user's
 * statement does on the user's; its observation is then told by places instead of names.
 */
final class KnownForms {
    /** What statements of a form do to the tables in each place. */
    record Doing(Map<Place, Deeds> places, boolean refusesTransaction) {}

    record Deeds(Set<LockMode> locks, boolean rewritten, int built, boolean read) {}

    /** An entry of the corpus with its form. */
    record Example(String key, Doing doing) {}

    private final Map<String, List<Example>> examples = new HashMap<>();
    private int entries;

    /** {@code parse} gives the statements of a text; none of one that the grammar refuses. */
    KnownForms(Major major, Function<String, List<Node>> parse) {
        Map<String, Observation> table = OracleTable.of(major);
        Map<String, Schema> topics = new HashMap<>();
        List<Node> base = parse.apply(Corpus.schema());
        for (Corpus.Entry entry : Corpus.entries()) {
            // The statements of a topic do not change its schema: each is undone.
            Schema schema = topics.computeIfAbsent(entry.topic(), topic -> {
                var made = new Schema();
                var definitions = new Definitions(made);
                base.forEach(definitions::apply);
                Corpus.setup(topic, major).forEach(script -> parse.apply(script).forEach(definitions::apply));
                return made;
            });
            List<Node> nodes = parse.apply(entry.sql());
            Observation seen = Objects.requireNonNull(table.get(entry.key()));
            if (nodes.size() == 1 && seen.observed()) {
                add(entry.key(), nodes.getFirst(), schema, seen);
            }
        }
    }

    private void add(String key, Node node, Schema schema, Observation seen) {
        try {
            List<Form> forms = new Forms(schema).of(node);
            if (forms.size() == 1) {
                Form form = forms.getFirst();
                told(form, seen).ifPresent(doing -> {
                    examples.computeIfAbsent(form.words(), words -> new ArrayList<>())
                            .add(new Example(key, doing));
                    entries++;
                });
            }
        } catch (Unclear e) {
            return; // it serves nobody as an example
        }
    }

    /** By form, every example of it; they agree, or the form leaves out what matters. */
    Map<String, List<Example>> examples() {
        return examples;
    }

    int entries() {
        return entries;
    }

    /** What it does, told by places; empty when it touches tables in no place, or not all of a place alike. */
    private static Optional<Doing> told(Form form, Observation seen) {
        Map<Relation, Place> placed = new HashMap<>();
        form.places()
                .forEach((place, tables) -> tables.forEach(table -> placed.put(
                        new Relation(table.name.schema(), table.name.name(), table.kind, place != Place.NEW), place)));
        Set<Relation> touched = new HashSet<>();
        seen.locks().stream()
                .map(RelationLock::relation)
                .filter(KnownForms::counts)
                .forEach(touched::add);
        seen.files().stream()
                .map(FileChange::relation)
                .filter(KnownForms::counts)
                .forEach(touched::add);
        seen.builds().stream().map(IndexBuild::table).forEach(touched::add);
        seen.reads().stream().map(TableRead::relation).forEach(touched::add);
        if (!placed.keySet().containsAll(touched)) {
            return Optional.empty();
        }
        Map<Place, Deeds> doing = new EnumMap<>(Place.class);
        for (Map.Entry<Place, List<Table>> place : form.places().entrySet()) {
            Set<Deeds> all = new HashSet<>();
            for (Table table : place.getValue()) {
                all.add(deeds(seen, table.name));
                boolean roles = seen.locks().stream()
                        .filter(lock -> is(lock.relation(), table.name))
                        .allMatch(lock -> lock.role() == place.getKey().role(table));
                if (!roles) {
                    return Optional.empty();
                }
            }
            if (all.size() != 1) {
                return Optional.empty();
            }
            doing.put(place.getKey(), all.iterator().next());
        }
        return Optional.of(new Doing(doing, seen.refusesTransaction()));
    }

    private static boolean counts(Relation relation) {
        return switch (relation.kind()) {
            case TABLE, PARTITIONED_TABLE, VIEW, MATERIALIZED_VIEW, FOREIGN_TABLE -> true;
            case INDEX, PARTITIONED_INDEX, SEQUENCE, COMPOSITE_TYPE -> false;
        };
    }

    private static boolean is(Relation relation, Table.Name name) {
        return counts(relation)
                && relation.schema().equals(name.schema())
                && relation.name().equals(name.name());
    }

    private static Deeds deeds(Observation seen, Table.Name name) {
        Set<LockMode> modes = EnumSet.noneOf(LockMode.class);
        seen.locks().stream().filter(lock -> is(lock.relation(), name)).forEach(lock -> modes.add(lock.mode()));
        boolean rewritten = seen.files().stream()
                .anyMatch(file -> is(file.relation(), name) && file.kind() == FileChange.Kind.REPLACED);
        // A rewrite builds whatever indexes there are, so what this table has does not count.
        long built = rewritten
                ? 0
                : seen.builds().stream()
                        .filter(build -> is(build.table(), name))
                        .count();
        boolean read = seen.reads().stream().anyMatch(scan -> is(scan.relation(), name));
        return new Deeds(modes, rewritten, (int) built, read);
    }

    /** What a statement of these forms does; throws {@link Unclear} when the table has none of one of them. */
    Observation observation(List<Form> forms) {
        Map<Table, Deeds> all = new HashMap<>();
        Map<Table, RelationLock> roles = new HashMap<>();
        boolean refuses = false;
        for (Form form : forms) {
            List<Example> known = examples.getOrDefault(form.words(), List.of());
            if (known.isEmpty()) {
                throw new Unclear(form.words());
            }
            Doing doing = known.getFirst().doing();
            refuses |= doing.refusesTransaction();
            form.places().forEach((place, tables) -> {
                Deeds deeds = Objects.requireNonNull(doing.places().get(place), form.words());
                for (Table table : tables) {
                    all.merge(table, deeds, KnownForms::both);
                    var relation = new Relation(table.name.schema(), table.name.name(), table.kind, place != Place.NEW);
                    roles.putIfAbsent(table, new RelationLock(relation, LockMode.ACCESS_SHARE, place.role(table)));
                }
            });
        }
        long newIndexes = forms.stream().filter(Form::makesIndex).count();
        return observation(all, roles, refuses, newIndexes);
    }

    private static Deeds both(Deeds one, Deeds other) {
        Set<LockMode> modes = EnumSet.copyOf(one.locks());
        modes.addAll(other.locks());
        modes.removeIf(mode -> modes.stream().anyMatch(more -> more != mode && more.covers(mode)));
        return new Deeds(
                modes, one.rewritten() || other.rewritten(), one.built() + other.built(), one.read() || other.read());
    }

    private static Observation observation(
            Map<Table, Deeds> all, Map<Table, RelationLock> roles, boolean refuses, long newIndexes) {
        List<RelationLock> locks = new ArrayList<>();
        List<FileChange> files = new ArrayList<>();
        List<IndexBuild> builds = new ArrayList<>();
        List<TableRead> reads = new ArrayList<>();
        all.forEach((table, deeds) -> {
            RelationLock as = Objects.requireNonNull(roles.get(table));
            deeds.locks().forEach(mode -> locks.add(new RelationLock(as.relation(), mode, as.role())));
            if (deeds.rewritten()) {
                files.add(new FileChange(as.relation(), FileChange.Kind.REPLACED));
            }
            long built = deeds.rewritten() ? table.indexes.size() + newIndexes : deeds.built();
            builds.addAll(Collections.nCopies((int) built, new IndexBuild(as.relation(), as.relation(), false)));
            if (deeds.read()) {
                reads.add(new TableRead(as.relation(), TableRead.Kind.SCAN));
            }
        });
        return new Observation(new Outcome.Observed(), locks, files, builds, reads, refuses, Set.of(), List.of());
    }
}
