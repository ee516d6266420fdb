package dev.pando.core.merge;

import dev.pando.base.type.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Some values of one row; equal when PostgreSQL would put both rows in one group. */
final class Values {
    static final Values NONE = new Values(0);

    private final @Nullable Value[] values;

    Values(int count) {
        this.values = new Value[count];
    }

    @Nullable
    Value at(int position) {
        return values[position];
    }

    void set(int position, @Nullable Value value) {
        values[position] = value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Values that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
