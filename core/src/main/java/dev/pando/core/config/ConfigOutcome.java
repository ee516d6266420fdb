package dev.pando.core.config;

import java.util.List;

/** What reading a file came to. */
public sealed interface ConfigOutcome {
    record Valid(PandoConfig config) implements ConfigOutcome {}

    /** Every problem found, in file order. */
    record Invalid(List<Problem> problems) implements ConfigOutcome {
        public Invalid {
            problems = List.copyOf(problems);
        }
    }
}
