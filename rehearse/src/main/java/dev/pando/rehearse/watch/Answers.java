package dev.pando.rehearse.watch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the requests of one client came to. So many are timed; what failed is counted always. Belongs to the client's thread until that ends. */
public final class Answers {
    public static final int MOST_TIMINGS = 200_000;
    /** Further ones are told apart by their SQLSTATE only. */
    private static final int MOST_KINDS = 1_000;

    private final int mostTimings;
    private final int mostKinds;
    private final List<Timing> timings = new ArrayList<>();
    private final Map<Failure.Kind, FailureCount> failures = new LinkedHashMap<>();
    private long untimed;

    Answers() {
        this(MOST_TIMINGS, MOST_KINDS);
    }

    Answers(int mostTimings, int mostKinds) {
        this.mostTimings = mostTimings;
        this.mostKinds = mostKinds;
    }

    void add(Timing timing, @Nullable Failure failure) {
        if (timings.size() < mostTimings) {
            timings.add(timing);
        } else {
            untimed++;
        }
        if (failure != null) {
            Failure.Kind kind = failure.kind();
            if (failures.size() >= mostKinds && !failures.containsKey(kind)) {
                kind = new Failure.Kind(failure.sqlState(), "");
            }
            failures.merge(kind, new FailureCount(kind, failure, timing.ended(), 1), FailureCount::plus);
        }
    }

    public List<Timing> timings() {
        return timings;
    }

    /** How many requests are not among {@link #timings}. */
    public long untimed() {
        return untimed;
    }

    public List<FailureCount> failures() {
        return List.copyOf(failures.values());
    }
}
