package dev.pando.base.type;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import org.jspecify.annotations.Nullable;

/**
 * Combining partial aggregates. Floats are combined the way PostgreSQL's own parallel aggregation does it, by adding the partial sums in
 * the order in which they arrive: as there, the last digits may depend on how the rows are spread.
 */
public final class Arithmetic {
    private Arithmetic() {}

    /** Whether {@link #sum} is defined: the types that PostgreSQL's {@code sum} yields, without interval and money. */
    public static boolean summable(ScalarType type) {
        return switch (type) {
            case INT8, NUMERIC, FLOAT4, FLOAT8 -> true;
            case BOOL, BYTEA, CHAR, NAME, INT2, INT4, TEXT, OID, BPCHAR, VARCHAR -> false;
            case DATE, TIME, TIMESTAMP, TIMESTAMPTZ, UUID -> false;
        };
    }

    public static Value sum(ScalarType type, Value left, Value right) {
        return switch (left) {
            case Value.Whole(long a) -> new Value.Whole(sum(a, ((Value.Whole) right).value()));
            case Value.Real(double a) -> new Value.Real(sum(type, a, ((Value.Real) right).value()));
            case Decimal a -> a.plus((Decimal) right);
            case Value.Bytes _ -> throw new IllegalArgumentException("sum of " + type.sqlName());
        };
    }

    /** As {@link #sum(ScalarType, Value, Value)} of bigints or numerics, but never out of range: the sum is a numeric. */
    public static Value exactSum(Value left, Value right) {
        return numeric(left).plus(numeric(right));
    }

    private static Decimal numeric(Value value) {
        return value instanceof Decimal decimal ? decimal : Decimal.of(((Value.Whole) value).value());
    }

    /** The bigint sum, or PostgreSQL's error. */
    public static long sum(long left, long right) {
        long sum = left + right;
        if (((left ^ sum) & (right ^ sum)) < 0) {
            throw new PandoException(PandoError.VALUE_OUT_OF_RANGE, "bigint out of range");
        }
        return sum;
    }

    private static double sum(ScalarType type, double left, double right) {
        double sum = type == ScalarType.FLOAT4 ? (float) left + (float) right : left + right;
        if (Double.isInfinite(sum) && !Double.isInfinite(left) && !Double.isInfinite(right)) {
            throw new PandoException(PandoError.VALUE_OUT_OF_RANGE, "value out of range: overflow");
        }
        return sum;
    }

    /**
     * The type of {@code avg} over an argument whose {@code sum} has type {@code sum}; null when the average does not follow from the
     * sum. That is so for real: PostgreSQL averages it in double precision, which its sum of type real has lost.
     */
    public static @Nullable ScalarType averageType(ScalarType sum) {
        return switch (sum) {
            case INT8, NUMERIC -> ScalarType.NUMERIC;
            case FLOAT8 -> ScalarType.FLOAT8;
            case FLOAT4, BOOL, BYTEA, CHAR, NAME, INT2, INT4, TEXT, OID, BPCHAR, VARCHAR -> null;
            case DATE, TIME, TIMESTAMP, TIMESTAMPTZ, UUID -> null;
        };
    }

    /** The mean of {@code count > 0} values with this sum, of type {@link #averageType}. */
    public static Value average(Value sum, long count) {
        return switch (sum) {
            case Value.Whole(long whole) -> Decimal.of(whole).dividedBy(count);
            case Value.Real(double real) -> new Value.Real(real / count);
            case Decimal decimal -> decimal.dividedBy(count);
            case Value.Bytes _ -> throw new IllegalArgumentException("average of text");
        };
    }
}
