package dev.pando.core.route;

import java.util.List;

/** Where a statement goes: the part of a plan that depends on where tables live. */
record Placed(Target target, Across across) {
    static final Placed CURRENT = new Placed(new Target.Current(), new Across.Everywhere());
    static final Placed NOWHERE = new Placed(new Target.Nowhere(), new Across.Everywhere());
    static final Placed EVERYWHERE = new Placed(new Target.All(), new Across.Everywhere());
    static final Placed EVERYWHERE_ALONE = new Placed(new Target.All(), new Across.EverywhereAlone());
    static final Placed HOME =
            new Placed(new Target.One(dev.pando.core.topology.ShardId.HOME), new Across.Everywhere());

    /** On one shard, whichever it turns out to be. */
    static Placed oneOf(Target target, String shape) {
        return new Placed(target, new Across.Refuse(dev.pando.base.error.PandoError.CROSS_SHARD_SHAPE, List.of(shape)));
    }

    static Placed refused(Refused why) {
        return new Placed(new Target.All(), why.refuse());
    }

    boolean single() {
        return target instanceof Target.One || target instanceof Target.Any;
    }
}
