package dev.pando.rehearse;

import dev.pando.lab.twin.SchemaObject;
import dev.pando.rehearse.output.Comparison;
import dev.pando.rehearse.output.Course;
import dev.pando.rehearse.output.RehearsalPlot;
import dev.pando.rehearse.output.Report;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one variant showed.
 *
 * @param schema it left behind; none when there is no other to compare it with
 */
record Rehearsed(String name, Report report, Course course, Set<SchemaObject> schema) {
    Rehearsed {
        schema = Set.copyOf(schema);
    }

    RehearsalPlot.Drawn drawn() {
        return new RehearsalPlot.Drawn(name, report, course);
    }

    static Comparison comparison(Rehearsed one, Rehearsed other) {
        return new Comparison(
                new Comparison.Named(one.name(), one.report()),
                new Comparison.Named(other.name(), other.report()),
                differences(one.schema(), other.schema()));
    }

    /** Names of what one has and the other has not, or not in the same way. */
    private static List<String> differences(Set<SchemaObject> one, Set<SchemaObject> other) {
        Set<SchemaObject> different = new HashSet<>(one);
        different.addAll(other);
        different.removeIf(object -> one.contains(object) && other.contains(object));
        return different.stream().map(SchemaObject::name).distinct().sorted().toList();
    }
}
