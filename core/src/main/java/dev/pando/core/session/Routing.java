package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.type.ScalarType;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.link.Numbering;
import dev.pando.core.link.ParameterTypes;
import dev.pando.core.merge.Limits;
import dev.pando.core.merge.MergeSpec;
import dev.pando.core.merge.Merger;
import dev.pando.core.route.Across;
import dev.pando.core.route.Command;
import dev.pando.core.route.ExplainPando;
import dev.pando.core.route.Plan;
import dev.pando.core.route.Resolution;
import dev.pando.core.route.Router;
import dev.pando.core.route.SplitInsert;
import dev.pando.core.route.ValueSource;
import dev.pando.core.route.Values;
import dev.pando.core.topology.ShardId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Where one execution goes, by the values in its text and its Bind. Pure. */
final class Routing {
    private final Router router;
    private final Numbering numbering;

    Routing(int shardCount, Numbering numbering) {
        this.numbering = numbering;
        this.router = new Router(shardCount);
    }

    /** The shards whose keys an execution names; empty when no row can match. Throws KEY_INVALID and the like. */
    List<ShardId> byKey(Execution execution) {
        return switch (router.resolve(execution.plan(), values(execution))) {
            case Resolution.Shards found -> found.shards();
            case Resolution.Any any -> List.of();
            case Resolution.Current current -> throw notByKey(execution.plan());
            case Resolution.Nowhere nowhere -> throw notByKey(execution.plan());
        };
    }

    private static PandoException notByKey(Plan plan) {
        return new PandoException(PandoError.BUG, "a key leads to " + plan.target());
    }

    /** A value as text, null for SQL NULL. */
    @Nullable
    String text(Execution execution, ValueSource source, ScalarType inferred) {
        return Router.text(source, values(execution), inferred);
    }

    private static final long NONE = Long.MIN_VALUE;

    /** The values of LIMIT and OFFSET. */
    record Bounds(long limit, long offset) {
        boolean negative() {
            return (limit < 0 && limit != NONE) || offset < 0;
        }

        void requirePositive() {
            if (limit < 0 && limit != NONE) {
                throw new Refusal("2201W", "LIMIT must not be negative");
            }
            if (offset < 0) {
                throw new Refusal("2201X", "OFFSET must not be negative");
            }
        }

        Merger merger(MergeSpec spec, int sources, long room) {
            return new Merger(spec, sources, limit == NONE ? -1 : limit, offset, new Limits(room));
        }
    }

    Bounds bounds(Execution execution, MergeSpec spec) {
        return new Bounds(rowCount(execution, spec.limit(), NONE), rowCount(execution, spec.offset(), 0));
    }

    /** The value of LIMIT or OFFSET; NULL means there is none. */
    private long rowCount(Execution execution, @Nullable ValueSource source, long none) {
        String value = source == null ? null : text(execution, source, ScalarType.INT8);
        if (value == null) {
            return none;
        }
        try {
            return Math.max(Long.parseLong(value.strip()), -Long.MAX_VALUE);
        } catch (NumberFormatException notWhole) {
            throw PandoException.causedBy(notWhole, PandoError.CROSS_SHARD_SHAPE, "LIMIT or OFFSET " + value);
        }
    }

    /** Throws SETTING_REFUSED, also for a NULL that would tell the server's default instead of what the client has started with. */
    void checkSetting(Execution execution, Command.SetConfig setting, Settings settings) {
        Router.checkSetting(setting, values(execution));
        String name = text(execution, setting.name(), ScalarType.TEXT);
        if (name != null
                && settings.initial(name) != null
                && text(execution, setting.value(), ScalarType.TEXT) == null) {
            throw new PandoException(
                    PandoError.SETTING_REFUSED, name, "NULL", "its default is the client's own; RESET leads to it");
        }
    }

    List<String> explain(Execution execution, Plan plan) {
        Values values = values(execution);
        return ExplainPando.render(plan, router.resolve(plan, values), values);
    }

    /** An INSERT cut into one per shard. */
    SplitStatement split(Execution execution, Across.SplitRows rows) {
        SortedMap<ShardId, List<Integer>> wanted = router.split(rows, values(execution));
        Map<ShardId, ShardRequest> requests = new HashMap<>();
        ShardId[] order = new ShardId[rows.rows().size()];
        wanted.forEach((shard, indexes) -> {
            indexes.forEach(index -> order[index] = shard);
            SplitInsert.Part part = SplitInsert.render(execution.planned().sql(), rows, indexes);
            FrontendMessage.Bind bind = execution.bind();
            requests.put(shard, bind == null ? new ShardRequest.Simple(part.sql()) : extended(part, execution, bind));
        });
        return new SplitStatement(requests, List.of(order));
    }

    private ShardRequest extended(SplitInsert.Part part, Execution execution, FrontendMessage.Bind bind) {
        BoundParameters all = new BoundParameters(execution.types().declared(), bind);
        BoundParameters known = new BoundParameters(execution.types().known(), bind);
        int count = part.parameters().length;
        int[] types = new int[count];
        int[] values = new int[count];
        short[] formats = new short[count];
        List<byte @Nullable []> parameters = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int number = part.parameters()[i];
            types[i] = all.typeOid(number);
            values[i] = known.typeOid(number);
            formats[i] = (short) (all.binary(number) ? 1 : 0);
            parameters.add(all.bytes(number));
        }
        FrontendMessage.Bind theirs = new FrontendMessage.Bind("", "", formats, parameters, bind.resultFormats());
        return new ShardRequest.Extended(
                numbering,
                part.sql(),
                new ParameterTypes(types, values),
                theirs,
                0,
                execution.unparsed(),
                execution.window().describes());
    }

    private static Values values(Execution execution) {
        FrontendMessage.Bind bind = execution.bind();
        return bind == null
                ? Values.literals(execution.planned().shaped())
                : new Values(
                        execution.planned().shaped(),
                        new BoundParameters(execution.types().declared(), bind));
    }

    /** The parameters of a Bind. */
    private record BoundParameters(int[] types, FrontendMessage.Bind bind) implements Values.Parameters {
        @Override
        public int count() {
            return bind.parameters().size();
        }

        @Override
        public byte @Nullable [] bytes(int number) {
            return bind.parameters().get(number - 1);
        }

        @Override
        public boolean binary(int number) {
            short[] formats = bind.parameterFormats();
            return switch (formats.length) {
                case 0 -> false;
                case 1 -> formats[0] == 1;
                default -> formats[number - 1] == 1;
            };
        }

        @Override
        public int typeOid(int number) {
            return number <= types.length ? types[number - 1] : 0;
        }
    }
}
