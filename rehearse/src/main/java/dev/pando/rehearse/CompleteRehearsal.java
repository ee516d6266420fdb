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
import dev.pando.rehearse.traffic.TrafficFile;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The whole of it on one copy: rows, traffic, the migration, the report. */
final class CompleteRehearsal {
    private final Copy copy;
    private final Options options;
    private final Traffic traffic;
    private final Consumer<String> progress;

    /** @param file null to make requests from the tables */
    record Traffic(TrafficFile.Pace pace, @Nullable TrafficFile file) {
        int sessions() {
            return file == null ? pace.clients() : file.scripts().size();
        }
    }

    CompleteRehearsal(Copy copy, Options options, Traffic traffic, Consumer<String> progress) {
        this.copy = copy;
        this.options = options;
        this.traffic = traffic;
        this.progress = progress;
    }

    Report report(List<Migration> migrations, Amounts amounts) throws SQLException, InterruptedException {
        long begun = System.nanoTime();
        var preparation = new Preparation(copy, progress);
        preparation.foresee(migrations);
        preparation.fill(amounts);
        TrafficFile asked = traffic.file() == null ? generated(preparation) : traffic.file();
        double seconds = (System.nanoTime() - begun) / 1e9;
        List<Script> others = options.longReader().isZero()
                ? List.of()
                : List.of(new LongReader(preparation.concerned(), options.longReader()));
        String reader = others.isEmpty()
                ? ""
                : "; a reader with transactions of " + options.longReader().toMillis() + " ms";
        var ground = new Reporting.Ground(
                String.format(Locale.ROOT, "%s, made in %.1f s", copy.words(), seconds),
                preparation.notes(),
                preparation.tables(),
                asked.words() + reader,
                options.budget().toMillis(),
                preparation.steps());
        Outcome outcome = new Rehearsal(copy, options, progress).run(migrations, asked.scripts(), others);
        return new Reporting(outcome).report(ground);
    }

    private TrafficFile generated(Preparation preparation) throws SQLException {
        List<Subject> subjects = preparation.subjects();
        if (subjects.isEmpty()) {
            throw new PandoException(
                    PandoError.REHEARSE_INPUT,
                    "this copy",
                    "none of its tables has rows, so nobody has anything to ask");
        }
        TrafficFile.Pace pace = traffic.pace();
        var generated = new GeneratedTraffic(subjects, pace.clients(), pace.rate(), pace.seed());
        List<Script> scripts = new ArrayList<>();
        for (int client = 0; client < pace.clients(); client++) {
            scripts.add(generated.script(client));
        }
        String words =
                String.format(Locale.ROOT, "%d clients, %,d requests a second, generated", pace.clients(), pace.rate());
        return new TrafficFile(words, scripts);
    }
}
