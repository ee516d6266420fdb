package dev.pando.core.merge;

import dev.pando.base.type.ScalarType;
import dev.pando.base.wire.Field;
import dev.pando.base.wire.RowDescription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * GROUP BY, DISTINCT and aggregates: groups in a hash table, rows once every source has ended.
 *
 * <p>Keys are equal when PostgreSQL says so: 1.0 and 1.00, both zeros, char(n) with fewer trailing blanks, NULL and NULL. Text is equal
 * when its bytes are, which is true for every deterministic collation; a nondeterministic one is not visible in a RowDescription, so
 * whoever makes the {@link MergeSpec} has to refuse it. Of a group's keys the first arrived is shown; PostgreSQL leaves open which.
 *
 * <p>Sums, counts and averages of integers and numerics are exact, with PostgreSQL's own display scale. Those of floats are added up in
 * the order in which the shards answer, as PostgreSQL's parallel aggregation does with its workers: the last digits may vary as they do
 * there. Their text form is that of {@code extra_float_digits} at its default.
 */
final class GroupedMerge implements Strategy {
    /** Roughly what a group costs besides the bytes of its values: map entry, arrays, accumulators. */
    private static final int GROUP_OVERHEAD = 200;

    private static final int VALUE_OVERHEAD = 64;

    private final MergeSpec.Grouping grouping;
    private final DataRow row;
    private final Accumulator.Input[] keys;
    private final Accumulator.Maker[] makers;
    private final Columns merged;
    private final @Nullable RowOrder order;
    private final Budget budget;
    private final Map<Values, Accumulator[]> groups = new LinkedHashMap<>();
    private int open;
    private @Nullable List<ByteBuf> results;
    private int next;

    private record Result(ByteBuf body, Values keys) {}

    GroupedMerge(
            int sources, Columns columns, MergeSpec.Grouping grouping, List<MergeSpec.SortKey> order, Budget budget) {
        this.open = sources;
        this.grouping = grouping;
        this.row = new DataRow(columns.count());
        this.budget = budget;
        this.keys = grouping.keys().stream()
                .map(columns::position)
                .map(at -> new Accumulator.Input(
                        at, columns.type(at, "GROUP BY"), columns.field(at).format()))
                .toArray(Accumulator.Input[]::new);
        this.makers = grouping.outputs().stream()
                .map(output -> Accumulator.maker(output, columns))
                .toArray(Accumulator.Maker[]::new);
        this.merged = new Columns(grouping.outputs().stream()
                .map(output -> outputField(output, columns))
                .toList());
        this.order = order.isEmpty() ? null : new RowOrder(order, merged);
        if (keys.length == 0) {
            groups.put(Values.NONE, accumulators());
        }
    }

    private static Field outputField(MergeSpec.Output output, Columns columns) {
        return switch (output) {
            case MergeSpec.Output.Key(int column) -> columns.field(columns.position(column));
            case MergeSpec.Output.Count(int column) -> columns.field(columns.position(column));
            case MergeSpec.Output.Sum(int column) -> columns.field(columns.position(column));
            case MergeSpec.Output.Min(int column, MergeSpec.TextOrder _) -> columns.field(columns.position(column));
            case MergeSpec.Output.Max(int column, MergeSpec.TextOrder _) -> columns.field(columns.position(column));
            case MergeSpec.Output.BoolAnd(int column) -> columns.field(columns.position(column));
            case MergeSpec.Output.BoolOr(int column) -> columns.field(columns.position(column));
            case MergeSpec.Output.Avg(int sumColumn, int _) -> averageField(columns, columns.position(sumColumn));
        };
    }

    private static Field averageField(Columns columns, int position) {
        Field sum = columns.field(position);
        ScalarType type =
                Accumulator.averageType(new Accumulator.Input(position, columns.type(position, "avg"), sum.format()));
        short size = (short) (type == ScalarType.FLOAT8 ? Double.BYTES : -1);
        return new Field(sum.name(), 0, (short) 0, type.oid(), size, -1, sum.format());
    }

    /** The visible columns. */
    RowDescription output() {
        return new RowDescription(merged.fields().subList(0, merged.count() - grouping.hiddenOutputs()));
    }

    private Accumulator[] accumulators() {
        Accumulator[] made = new Accumulator[makers.length];
        for (int i = 0; i < made.length; i++) {
            made[i] = makers[i].make();
        }
        return made;
    }

    @Override
    public void row(int source, ByteBuf body) {
        row.read(source, body);
        Values key = new Values(keys.length);
        for (int i = 0; i < keys.length; i++) {
            key.set(i, keys[i].value(row, body));
        }
        Accumulator[] group = groups.get(key);
        if (group == null) {
            budget.take(GROUP_OVERHEAD + (long) VALUE_OVERHEAD * (keys.length + makers.length) + keyBytes());
            group = accumulators();
            groups.put(key, group);
        }
        int growth = 0;
        for (Accumulator accumulator : group) {
            growth += accumulator.add(row, body);
        }
        budget.take(growth);
        body.release();
    }

    private long keyBytes() {
        long bytes = 0;
        for (Accumulator.Input key : keys) {
            bytes += row.size(key.column());
        }
        return bytes;
    }

    @Override
    public void end(int source) {
        open--;
        if (open == 0) {
            results = finish();
        }
    }

    /** Results take the place of the groups, whose memory they stay below, apart from the sort keys. */
    private List<ByteBuf> finish() {
        DataRow fields = new DataRow(merged.count());
        List<Result> rows = new ArrayList<>(groups.size());
        for (Accumulator[] group : groups.values()) {
            ByteBuf body = Unpooled.buffer(2 + 16 * group.length);
            body.writeShort(group.length);
            for (Accumulator accumulator : group) {
                accumulator.write(body);
            }
            fields.read(0, body);
            Values sortKeys = order == null ? Values.NONE : order.keys(fields, body);
            fields.cut(body, grouping.hiddenOutputs());
            rows.add(new Result(body, sortKeys));
        }
        groups.clear();
        if (order != null) {
            rows.sort((left, right) -> order.compare(left.keys, right.keys));
        }
        return rows.stream().map(Result::body).toList();
    }

    @Override
    public boolean wants(int source) {
        return true;
    }

    @Override
    public boolean hungry(int source) {
        return true;
    }

    @Override
    public int drain(Window window, RowSink sink, int maxRows) {
        int passed = 0;
        while (results != null && next < results.size() && passed < maxRows && !window.full()) {
            if (window.pass(results.get(next++), sink)) {
                passed++;
            }
        }
        return passed;
    }

    @Override
    public boolean exhausted() {
        return results != null && next == results.size();
    }

    @Override
    public void close() {
        groups.clear();
        if (results != null) {
            results.subList(next, results.size()).forEach(ByteBuf::release);
            next = results.size();
        }
    }
}
