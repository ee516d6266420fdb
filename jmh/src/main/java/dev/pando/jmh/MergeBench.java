package dev.pando.jmh;

import dev.pando.base.wire.Field;
import dev.pando.base.wire.RowDescription;
import dev.pando.core.merge.Limits;
import dev.pando.core.merge.MergeSpec;
import dev.pando.core.merge.MergeSpec.Grouping;
import dev.pando.core.merge.MergeSpec.Output;
import dev.pando.core.merge.MergeSpec.SortKey;
import dev.pando.core.merge.MergeSpec.TextOrder;
import dev.pando.core.merge.Merger;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Rows of four shards into one result; one operation is one row. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MergeBench {
    private static final int SHARDS = 4;
    private static final int ROWS = 40_000;
    private static final int INT8 = 20;
    private static final int TEXT = 25;
    private static final Limits LIMITS = new Limits(64 << 20);

    @Param({"concatenate", "order", "group"})
    public String kind = "concatenate";

    private MergeSpec spec = MergeSpec.CONCATENATE;
    private RowDescription columns = new RowDescription(List.of());
    private ByteBuf[] rows = {};

    @Setup
    public void prepare() {
        columns = new RowDescription(List.of(field("id", INT8), field("name", TEXT), field("count", INT8)));
        spec = switch (kind) {
            case "order" -> new MergeSpec(0, List.of(new SortKey(0, false, false, TextOrder.BYTES)), null, null, null);
            case "group" ->
                new MergeSpec(
                        0,
                        List.of(),
                        null,
                        null,
                        new Grouping(
                                List.of(1), List.of(new Output.Key(1), new Output.Count(2), new Output.Sum(0)), 0));
            default -> MergeSpec.CONCATENATE;
        };
        rows = new ByteBuf[ROWS];
        for (int i = 0; i < ROWS; i++) {
            ByteBuf body = Unpooled.directBuffer().writeShort(3);
            for (String value : List.of(Integer.toString(i), "name " + i % 1000, "1")) {
                body.writeInt(value.length()).writeCharSequence(value, StandardCharsets.US_ASCII);
            }
            rows[i] = body;
        }
    }

    private static Field field(String name, int type) {
        return new Field(name, 0, (short) 0, type, (short) -1, -1, (short) 0);
    }

    /** Returns how many rows came out, so that the work is not optimised away. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int merge() {
        int out = 0;
        try (Merger merger = new Merger(spec, SHARDS, -1, 0, LIMITS)) {
            for (int shard = 0; shard < SHARDS; shard++) {
                merger.columns(shard, columns);
            }
            for (int i = 0; i < ROWS; i++) {
                merger.row(i % SHARDS, rows[i].retainedDuplicate());
                if (i % 64 == 63) {
                    out += merger.drain(ByteBuf::release, 64);
                }
            }
            for (int shard = 0; shard < SHARDS; shard++) {
                merger.end(shard);
            }
            return out + merger.drain(ByteBuf::release, ROWS);
        }
    }
}
