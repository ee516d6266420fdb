package dev.pando.core.merge;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.type.Arithmetic;
import dev.pando.base.type.ScalarType;
import dev.pando.base.type.Value;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One output column of one group. */
sealed interface Accumulator {
    /** Takes in a shard's row of the group; returns by how many bytes it grew. */
    int add(DataRow row, ByteBuf body);

    /** Appends the field with its length. */
    void write(ByteBuf out);

    /** Bytes of the first row, as they are: a key. */
    final class First implements Accumulator {
        private final int column;
        private byte @Nullable [] bytes;
        private boolean seen;

        First(int column) {
            this.column = column;
        }

        @Override
        public int add(DataRow row, ByteBuf body) {
            if (seen) {
                return 0;
            }
            seen = true;
            bytes = row.bytes(body, column);
            return bytes == null ? 0 : bytes.length;
        }

        @Override
        public void write(ByteBuf out) {
            writeBytes(out, bytes);
        }
    }

    /** The least or the greatest value that is not NULL, as the shard wrote it. */
    final class Extreme implements Accumulator {
        private final Input input;
        private final boolean greatest;
        private @Nullable Value best;
        private byte @Nullable [] bytes;

        Extreme(Input input, boolean greatest) {
            this.input = input;
            this.greatest = greatest;
        }

        @Override
        public int add(DataRow row, ByteBuf body) {
            Value value = input.value(row, body);
            if (value == null || (best != null && value.compareTo(best) * (greatest ? -1 : 1) >= 0)) {
                return 0;
            }
            int before = bytes == null ? 0 : bytes.length;
            best = value;
            bytes = row.bytes(body, input.column);
            return (bytes == null ? 0 : bytes.length) - before;
        }

        @Override
        public void write(ByteBuf out) {
            writeBytes(out, bytes);
        }
    }

    /** The sum of what is not NULL; NULL, or for a count 0, when there is nothing. */
    final class Sum implements Accumulator {
        private final Input input;
        private @Nullable Value sum;

        Sum(Input input, @Nullable Value ofNothing) {
            this.input = input;
            this.sum = ofNothing;
        }

        @Override
        public int add(DataRow row, ByteBuf body) {
            Value value = input.value(row, body);
            if (value != null) {
                sum = sum == null ? value : Arithmetic.sum(input.type, sum, value);
            }
            return 0;
        }

        @Override
        public void write(ByteBuf out) {
            writeValue(out, input.type, input.format, sum);
        }
    }

    /** {@code avg} from sums and counts. */
    final class Average implements Accumulator {
        private final Input sums;
        private final Input counts;
        private final ScalarType type;
        private @Nullable Value sum;
        private long count;

        Average(Input sums, Input counts, ScalarType type) {
            this.sums = sums;
            this.counts = counts;
            this.type = type;
        }

        @Override
        public int add(DataRow row, ByteBuf body) {
            Value value = sums.value(row, body);
            if (value != null) {
                sum = sum == null ? value : sumOf(sum, value);
            }
            if (counts.value(row, body) instanceof Value.Whole(long more)) {
                count = Arithmetic.sum(count, more);
            }
            return 0;
        }

        /** PostgreSQL averages integers by a numeric sum, so that of bigints must not overflow here either. */
        private Value sumOf(Value left, Value right) {
            return sums.type == ScalarType.INT8
                    ? Arithmetic.exactSum(left, right)
                    : Arithmetic.sum(sums.type, left, right);
        }

        @Override
        public void write(ByteBuf out) {
            writeValue(out, type, sums.format, sum == null || count == 0 ? null : Arithmetic.average(sum, count));
        }
    }

    /** {@code bool_and} ({@code unless} false) and {@code bool_or} ({@code unless} true) over what is not NULL. */
    final class Bool implements Accumulator {
        private final Input input;
        private final boolean deciding;
        private @Nullable Value result;

        Bool(Input input, boolean deciding) {
            this.input = input;
            this.deciding = deciding;
        }

        @Override
        public int add(DataRow row, ByteBuf body) {
            Value value = input.value(row, body);
            if (value instanceof Value.Whole(long bit) && (result == null || (bit != 0) == deciding)) {
                result = value;
            }
            return 0;
        }

        @Override
        public void write(ByteBuf out) {
            writeValue(out, ScalarType.BOOL, input.format, result);
        }
    }

    /** A column of the shards' rows. */
    record Input(int column, ScalarType type, short format) {
        @Nullable
        Value value(DataRow row, ByteBuf body) {
            return row.value(body, column, type, format);
        }
    }

    private static void writeBytes(ByteBuf out, byte @Nullable [] bytes) {
        if (bytes == null) {
            out.writeInt(-1);
        } else {
            out.writeInt(bytes.length).writeBytes(bytes);
        }
    }

    private static void writeValue(ByteBuf out, ScalarType type, short format, @Nullable Value value) {
        if (value == null) {
            out.writeInt(-1);
            return;
        }
        int lengthAt = out.writerIndex();
        out.writeInt(0);
        type.encode(value, format, out);
        out.setInt(lengthAt, out.writerIndex() - lengthAt - Integer.BYTES);
    }

    /** What makes the accumulators of an output column, after its types are checked. */
    interface Maker {
        Accumulator make();
    }

    static Maker maker(MergeSpec.Output output, Columns columns) {
        return switch (output) {
            case MergeSpec.Output.Key(int column) -> {
                int position = columns.position(column);
                yield () -> new First(position);
            }
            case MergeSpec.Output.Count(int column) -> {
                Input input = required(columns, column, "count", ScalarType.INT8);
                yield () -> new Sum(input, new Value.Whole(0));
            }
            case MergeSpec.Output.Sum(int column) -> {
                Input input = summable(columns, column, "sum");
                yield () -> new Sum(input, null);
            }
            case MergeSpec.Output.Min(int column, MergeSpec.TextOrder order) -> {
                Input input = ordered(columns, column, "min", order);
                yield () -> new Extreme(input, false);
            }
            case MergeSpec.Output.Max(int column, MergeSpec.TextOrder order) -> {
                Input input = ordered(columns, column, "max", order);
                yield () -> new Extreme(input, true);
            }
            case MergeSpec.Output.BoolAnd(int column) -> {
                Input input = required(columns, column, "bool_and", ScalarType.BOOL);
                yield () -> new Bool(input, false);
            }
            case MergeSpec.Output.BoolOr(int column) -> {
                Input input = required(columns, column, "bool_or", ScalarType.BOOL);
                yield () -> new Bool(input, true);
            }
            case MergeSpec.Output.Avg(int sumColumn, int countColumn) -> {
                Input sums = summable(columns, sumColumn, "avg");
                Input counts = required(columns, countColumn, "avg", ScalarType.INT8);
                ScalarType type = averageType(sums);
                yield () -> new Average(sums, counts, type);
            }
        };
    }

    private static Input input(Columns columns, int column, String purpose) {
        int position = columns.position(column);
        return new Input(
                position,
                columns.type(position, purpose),
                columns.field(position).format());
    }

    private static Input ordered(Columns columns, int column, String purpose, MergeSpec.TextOrder order) {
        int position = columns.position(column);
        ScalarType type = columns.orderedType(position, purpose, order);
        return new Input(position, type, columns.field(position).format());
    }

    private static Input required(Columns columns, int column, String purpose, ScalarType type) {
        Input input = input(columns, column, purpose);
        if (input.type != type) {
            throw new PandoException(PandoError.TYPE_NOT_MERGEABLE, purpose, input.type.sqlName());
        }
        return input;
    }

    private static Input summable(Columns columns, int column, String purpose) {
        Input input = input(columns, column, purpose);
        if (!Arithmetic.summable(input.type)) {
            throw new PandoException(PandoError.TYPE_NOT_MERGEABLE, purpose, input.type.sqlName());
        }
        return input;
    }

    static ScalarType averageType(Input sums) {
        ScalarType type = Arithmetic.averageType(sums.type);
        if (type == null) {
            throw new PandoException(PandoError.TYPE_NOT_MERGEABLE, "avg", sums.type.sqlName());
        }
        return type;
    }
}
