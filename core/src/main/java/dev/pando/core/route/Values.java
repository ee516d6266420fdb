package dev.pando.core.route;

import dev.pando.base.sql.ShapedSql;
import org.jspecify.annotations.Nullable;

/**
 * The values of one execution: the literals of its text and its bound parameters.
 *
 * @param shaped of the very text that runs, not of another of the same shape
 */
public record Values(ShapedSql shaped, Parameters parameters) {
    /** Bound parameters, numbered from 1. */
    public interface Parameters {
        int count();

        /** The value's bytes, null for NULL. */
        byte @Nullable [] bytes(int number);

        boolean binary(int number);

        /** The type the client declared, 0 for none. */
        int typeOid(int number);
    }

    private static final Parameters NONE = new Parameters() {
        @Override
        public int count() {
            return 0;
        }

        @Override
        public byte @Nullable [] bytes(int number) {
            return null;
        }

        @Override
        public boolean binary(int number) {
            return false;
        }

        @Override
        public int typeOid(int number) {
            return 0;
        }
    };

    /** Of a simple query. */
    public static Values literals(ShapedSql shaped) {
        return new Values(shaped, NONE);
    }
}
