package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import java.util.List;

/** Thrown inside the planner where a statement turns out not to be possible across shards; {@link Planner} makes it part of the plan. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Across.Refuse refuse;

    Refused(PandoError error, String... particulars) {
        super(null, null, false, false);
        this.refuse = new Across.Refuse(error, List.of(particulars));
    }

    static Refused shape(String shape) {
        return new Refused(PandoError.CROSS_SHARD_SHAPE, shape);
    }

    /** The shape that is refused. */
    String shown() {
        return String.join(", ", refuse.particulars());
    }

    Across.Refuse refuse() {
        return refuse;
    }
}
