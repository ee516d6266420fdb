package dev.pando.rehearse;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.twin.SchemaObject;
import dev.pando.lab.twin.SnapshotReader;
import dev.pando.rehearse.output.Course;
import dev.pando.rehearse.output.Report;
import dev.pando.rehearse.rows.Amounts;
import dev.pando.rehearse.traffic.GeneratedTraffic;
import dev.pando.rehearse.traffic.LongReader;
import dev.pando.rehearse.traffic.Pace;
import dev.pando.rehearse.traffic.Script;
import dev.pando.rehearse.traffic.Subject;
import dev.pando.rehearse.traffic.TableFinder;
import dev.pando.rehearse.traffic.Traffic;
import dev.pando.rehearse.traffic.TrafficFile;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The whole of it on one copy: rows, traffic, the variants of the migration one after the other, their reports. */
final class CompleteRehearsal {
    private static final String VARIANT = "variant";

    private final Copy copy;
    private final Options options;
    private final Asked asked;
    private final Consumer<String> progress;

    /** @param file null to make requests from the tables */
    record Asked(Pace pace, @Nullable TrafficFile file) {
        int clients() {
            return file == null ? pace.clients() : file.clients();
        }
    }

    CompleteRehearsal(Copy copy, Options options, Asked asked, Consumer<String> progress) {
        this.copy = copy;
        this.options = options;
        this.asked = asked;
        this.progress = progress;
    }

    List<Rehearsed> run(List<Variant> variants, Amounts amounts) throws SQLException, InterruptedException {
        long begun = System.nanoTime();
        var preparation = new Preparation(copy, progress);
        preparation.foresee(variants);
        preparation.fill(amounts);
        Traffic traffic = traffic(preparation);
        LongReader reader =
                options.longReader().isZero() ? null : new LongReader(preparation.concerned(), options.longReader());
        var ground = new Reporting.Ground(
                String.format(Locale.ROOT, "%s, made in %.1f s", copy.words(), (System.nanoTime() - begun) / 1e9),
                preparation.notes(),
                preparation.tables(),
                traffic.words() + words(reader),
                options.budget().toMillis());
        List<Ran> ran = new ArrayList<>();
        for (Variant variant : variants) {
            ran.add(
                    variants.size() == 1
                            ? new Ran(rehearsal(copy).run(variant.migrations(), traffic.scripts(), reader), Set.of())
                            : onItsOwn(variant, traffic.scripts(), reader));
        }
        double width = Slicing.width(ran.stream().map(Ran::outcome).toList());
        List<Rehearsed> all = new ArrayList<>();
        for (int i = 0; i < variants.size(); i++) {
            Outcome outcome = ran.get(i).outcome();
            Report report = Reporting.report(ground, preparation.steps().get(i), outcome);
            Course course = Slicing.course(outcome, width);
            all.add(new Rehearsed(
                    variants.get(i).name(), report, course, ran.get(i).schema()));
        }
        return all;
    }

    private String words(@Nullable LongReader reader) {
        return reader == null
                ? ""
                : "; a reader with transactions of " + options.longReader().toMillis() + " ms";
    }

    private record Ran(Outcome outcome, Set<SchemaObject> schema) {}

    /** Each variant has the same database, made anew of the same files. */
    private Ran onItsOwn(Variant variant, List<Script> scripts, @Nullable LongReader reader)
            throws SQLException, InterruptedException {
        progress.accept("a copy for " + variant.name());
        Set<String> roles = Copies.roles(copy.server());
        Copies.create(copy.server(), VARIANT, copy.database());
        try {
            Copy its = copy.on(VARIANT);
            Preparation.settled(its.server());
            Outcome outcome = rehearsal(its).run(variant.migrations(), scripts, reader);
            try (Connection connection = its.client()) {
                var schema = Set.copyOf(SnapshotReader.read(connection).schema());
                return new Ran(outcome, schema);
            }
        } finally {
            Copies.drop(copy.server(), VARIANT);
            Copies.keepRoles(copy.server(), roles);
        }
    }

    private Rehearsal rehearsal(Copy its) {
        return new Rehearsal(its, options, progress);
    }

    private Traffic traffic(Preparation preparation) throws SQLException {
        TrafficFile file = asked.file();
        if (file != null) {
            progress.accept("looking up the tables of the traffic");
            try (Connection connection = copy.plain()) {
                return file.traffic(new TableFinder(connection)::tables);
            }
        }
        List<Subject> subjects = preparation.subjects();
        if (subjects.isEmpty()) {
            throw new PandoException(
                    PandoError.REHEARSE_INPUT,
                    "this copy",
                    "none of its tables has rows, so nobody has anything to ask");
        }
        return GeneratedTraffic.of(subjects, asked.pace());
    }
}
