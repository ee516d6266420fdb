package dev.pando.base.type;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Floats as {@code float4out} and {@code float8out} write them with {@code extra_float_digits} at its default: the shortest digits that
 * read back as the same float, in exponent form where {@code %g} would use it.
 */
final class FloatForm {
    /** FLT_DIG and DBL_DIG: from this exponent on the exponent form is used. */
    private static final int REAL_DIGITS = 6;

    private static final int DOUBLE_DIGITS = 15;
    private static final int LEAST_PLAIN_EXPONENT = -4;

    private FloatForm() {}

    static String real(float value) {
        if (Float.isNaN(value) || Float.isInfinite(value) || value == 0) {
            return special(value);
        }
        BigDecimal digits = new BigDecimal(Float.toString(Math.abs(value))).stripTrailingZeros();
        if (digits.precision() == 2) {
            digits = shorter(digits, candidate -> candidate.floatValue() == Math.abs(value));
        }
        return layout(value < 0, digits, REAL_DIGITS);
    }

    static String real8(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
            return special(value);
        }
        BigDecimal digits = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
        if (digits.precision() == 2) {
            digits = shorter(digits, candidate -> candidate.doubleValue() == Math.abs(value));
        }
        return layout(value < 0, digits, DOUBLE_DIGITS);
    }

    private static String special(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        return Double.toString(value);
    }

    /** Java never shows fewer than two digits where the second one brings it closer to the float; PostgreSQL does. */
    private static BigDecimal shorter(BigDecimal digits, java.util.function.Predicate<BigDecimal> same) {
        BigDecimal rounded = digits.round(new java.math.MathContext(1));
        return same.test(rounded) ? rounded : digits;
    }

    private static String layout(boolean negative, BigDecimal digits, int plainDigits) {
        BigInteger unscaled = digits.unscaledValue();
        int exponent = digits.precision() - digits.scale() - 1;
        StringBuilder text = new StringBuilder(negative ? "-" : "");
        if (exponent >= LEAST_PLAIN_EXPONENT && exponent < plainDigits) {
            return text.append(digits.toPlainString()).toString();
        }
        String all = unscaled.toString();
        text.append(all.charAt(0));
        if (all.length() > 1) {
            text.append('.').append(all, 1, all.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        return text.append(size < 10 ? "0" : "").append(size).toString();
    }
}
