package dev.pando.rehearse;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lint.read.Migration;
import dev.pando.rehearse.output.Report;
import dev.pando.rehearse.rows.Amounts;
import dev.pando.rehearse.traffic.GeneratedTraffic;
import dev.pando.rehearse.traffic.LongReader;
import dev.pando.rehearse.traffic.Script;
import dev.pando.rehearse.traffic.Subject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The whole of it on one copy: rows, traffic, the migration, the report. */
final class Show {
    private final Copy copy;
    private final Options options;
    private final Traffic traffic;
    private final Consumer<String> progress;

    record Traffic(int clients, int rate, long seed) {}

    Show(Copy copy, Options options, Traffic traffic, Consumer<String> progress) {
        this.copy = copy;
        this.options = options;
        this.traffic = traffic;
        this.progress = progress;
    }

    Report report(List<Migration> migrations, Amounts amounts) throws SQLException, InterruptedException {
        long begun = System.nanoTime();
        var stage = new Stage(copy, progress);
        stage.foresee(migrations);
        stage.fill(amounts);
        List<Subject> subjects = stage.subjects();
        if (subjects.isEmpty()) {
            throw new PandoException(
                    PandoError.REHEARSE_INPUT, "this copy", "none of its tables has rows, so nobody has anything to ask");
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        var generated = new GeneratedTraffic(subjects, traffic.clients(), traffic.rate(), traffic.seed());
        List<Script> scripts = new ArrayList<>();
        for (int client = 0; client < traffic.clients(); client++) {
            scripts.add(generated.script(client));
        }
        List<Script> others = options.longReader().isZero()
                ? List.of()
                : List.of(new LongReader(stage.concerned(), options.longReader()));
        String words = String.format(
                Locale.ROOT,
                "%d clients, %,d requests a second, generated%s",
                traffic.clients(),
                traffic.rate(),
                others.isEmpty() ? "" : "; a reader with transactions of " + options.longReader().toMillis() + " ms");
        var ground = new Reporting.Ground(
                String.format(Locale.ROOT, "%s, made in %.1f s", copy.words(), seconds),
                stage.notes(),
                stage.tables(),
                words,
                options.budget().toMillis(),
                stage.steps());
        Outcome outcome = new Rehearsal(copy, options, progress).run(migrations, scripts, others);
        return new Reporting(outcome).report(ground);
    }
}
