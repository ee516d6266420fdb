package dev.pando.base.type;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Floats as {@code float4out} and {@code float8out} write them with {@code extra_float_digits} at its default: the shortest digits that
 * lie nearer to this float than to any other, in exponent form where {@code %g} would use it.
 *
 * <p>{@link Double#toString(double)} cannot be used as it is: it shows two digits where one would do (4.9E-324), and takes digits that lie
 * exactly between two floats (1.0E23), which PostgreSQL avoids because not every reader rounds them to even. Both are rare; then the
 * digits are searched for with exact decimals.
 */
final class FloatForm {
    /** FLT_DIG and DBL_DIG: from this exponent on the exponent form is used. */
    private static final int REAL_DIGITS = 6;

    private static final int DOUBLE_DIGITS = 15;
    private static final int LEAST_PLAIN_EXPONENT = -4;
    /** As many digits tell any two doubles apart. */
    private static final int MOST_DIGITS = 17;

    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    private FloatForm() {}

    static String real(float value) {
        if (Float.isNaN(value) || Float.isInfinite(value) || value == 0) {
            return special(value);
        }
        float size = Math.abs(value);
        Interval interval = new Interval(size, Math.nextDown(size), Math.nextUp(size));
        return layout(value < 0, shortest(Float.toString(size), interval), REAL_DIGITS);
    }

    static String doublePrecision(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
            return special(value);
        }
        double size = Math.abs(value);
        Interval interval = new Interval(size, Math.nextDown(size), Math.nextUp(size));
        return layout(value < 0, shortest(Double.toString(size), interval), DOUBLE_DIGITS);
    }

    private static String special(double value) {
        return value == 0 ? "0" : Double.toString(value);
    }

    /** A float and its neighbours; the upper one may be infinite, which no shortest form comes near. */
    private record Interval(double size, double below, double above) {
        boolean contains(BigDecimal digits) {
            BigDecimal exact = new BigDecimal(size);
            int side = digits.compareTo(exact);
            if (side == 0) {
                return true;
            }
            double neighbour = side < 0 ? below : above;
            if (Double.isInfinite(neighbour)) {
                return true;
            }
            BigDecimal twice = digits.multiply(TWO);
            BigDecimal ends = exact.add(new BigDecimal(neighbour));
            return side < 0 ? twice.compareTo(ends) > 0 : twice.compareTo(ends) < 0;
        }
    }

    private static BigDecimal shortest(String java, Interval interval) {
        BigDecimal digits = new BigDecimal(java).stripTrailingZeros();
        if (digits.precision() != 2 && interval.contains(digits)) {
            return digits;
        }
        BigDecimal exact = new BigDecimal(interval.size);
        for (int count = 1; count < MOST_DIGITS; count++) {
            BigDecimal down = exact.round(new MathContext(count, RoundingMode.DOWN));
            BigDecimal up = exact.round(new MathContext(count, RoundingMode.UP));
            boolean downFits = down.signum() > 0 && interval.contains(down);
            boolean upFits = interval.contains(up);
            if (downFits || upFits) {
                boolean downNearer = exact.subtract(down).compareTo(up.subtract(exact)) <= 0;
                return (downFits && (downNearer || !upFits) ? down : up).stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }

    private static String layout(boolean negative, BigDecimal digits, int plainDigits) {
        int exponent = digits.precision() - digits.scale() - 1;
        StringBuilder text = new StringBuilder(negative ? "-" : "");
        if (exponent >= LEAST_PLAIN_EXPONENT && exponent < plainDigits) {
            return text.append(digits.toPlainString()).toString();
        }
        String all = digits.unscaledValue().toString();
        text.append(all.charAt(0));
        if (all.length() > 1) {
            text.append('.').append(all, 1, all.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        return text.append(size < 10 ? "0" : "").append(size).toString();
    }
}
