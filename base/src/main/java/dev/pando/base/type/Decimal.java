package dev.pando.base.type;

import io.netty.buffer.ByteBuf;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * A {@code numeric}: a decimal number with its display scale, NaN, or an infinity. Equality and order ignore the display scale; NaN is
 * equal to itself and greater than all else. Arithmetic chooses the same result scale as PostgreSQL's {@code numeric.c}.
 */
public final class Decimal implements Value {
    public static final Decimal NAN = new Decimal(Kind.NAN, BigDecimal.ZERO);
    public static final Decimal INFINITY = new Decimal(Kind.INFINITY, BigDecimal.ZERO);
    public static final Decimal MINUS_INFINITY = new Decimal(Kind.MINUS_INFINITY, BigDecimal.ZERO);

    /** NUMERIC_MIN_SIG_DIGITS: a quotient has at least as many significant digits. */
    private static final int LEAST_SIGNIFICANT_DIGITS = 16;

    private static final int GREATEST_DISPLAY_SCALE = 1000;
    /** Decimal digits in one digit of the server's own representation. */
    private static final int GROUP_DIGITS = 4;

    /** In ascending order. */
    private enum Kind {
        MINUS_INFINITY,
        FINITE,
        INFINITY,
        NAN
    }

    private final Kind kind;
    private final BigDecimal number;

    private Decimal(Kind kind, BigDecimal number) {
        this.kind = kind;
        this.number = number;
    }

    public static Decimal of(long number) {
        return new Decimal(Kind.FINITE, BigDecimal.valueOf(number));
    }

    /** The scale must not be negative. */
    public static Decimal of(BigDecimal number) {
        return new Decimal(Kind.FINITE, number);
    }

    /** Reads the output of {@code numeric_out}. */
    static Decimal parse(ByteBuf row, int index, int length) {
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            text[i] = (char) row.getByte(index + i);
        }
        if (length > 0 && (text[0] == 'N' || text[0] == 'I' || (length > 1 && text[1] == 'I'))) {
            return switch (new String(text)) {
                case "NaN" -> NAN;
                case "Infinity" -> INFINITY;
                case "-Infinity" -> MINUS_INFINITY;
                default -> throw Malformed.value(ScalarType.NUMERIC);
            };
        }
        try {
            return new Decimal(Kind.FINITE, new BigDecimal(text));
        } catch (NumberFormatException e) {
            throw Malformed.causedBy(e, ScalarType.NUMERIC);
        }
    }

    /** Reads the output of {@code numeric_send}: groups of four digits, the first weighing 10000^weight. */
    static Decimal decode(ByteBuf row, int index, int length) {
        int groups = length < 8 ? -1 : row.getShort(index);
        if (groups < 0 || length != 8 + 2 * groups) {
            throw Malformed.value(ScalarType.NUMERIC);
        }
        int weight = row.getShort(index + 2);
        int sign = row.getUnsignedShort(index + 4);
        int scale = row.getUnsignedShort(index + 6);
        return switch (sign) {
            case Sign.PLUS, Sign.MINUS -> {
                BigDecimal magnitude = magnitude(row, index + 8, groups, weight).setScale(scale, RoundingMode.DOWN);
                yield of(sign == Sign.MINUS ? magnitude.negate() : magnitude);
            }
            case Sign.NAN -> NAN;
            case Sign.INFINITY -> INFINITY;
            case Sign.MINUS_INFINITY -> MINUS_INFINITY;
            default -> throw Malformed.value(ScalarType.NUMERIC);
        };
    }

    private static BigDecimal magnitude(ByteBuf row, int index, int groups, int weight) {
        int scale = GROUP_DIGITS * (groups - 1 - weight);
        if (groups <= 4) {
            long small = 0;
            for (int i = 0; i < groups; i++) {
                small = small * 10_000 + row.getUnsignedShort(index + 2 * i);
            }
            return BigDecimal.valueOf(small, scale);
        }
        char[] digits = new char[groups * GROUP_DIGITS];
        for (int i = 0; i < groups; i++) {
            int group = row.getUnsignedShort(index + 2 * i);
            for (int at = GROUP_DIGITS - 1; at >= 0; at--) {
                digits[i * GROUP_DIGITS + at] = (char) ('0' + group % 10);
                group /= 10;
            }
        }
        return new BigDecimal(new BigInteger(new String(digits)), scale);
    }

    /** The sum, with the greater of both scales. */
    public Decimal plus(Decimal other) {
        if (kind == Kind.FINITE && other.kind == Kind.FINITE) {
            return of(number.add(other.number));
        }
        if (kind == Kind.FINITE) {
            return other;
        }
        return other.kind == Kind.FINITE || other.kind == kind ? this : NAN;
    }

    /** The mean of {@code count > 0} values whose sum this is: {@code numeric_div} by the count. */
    public Decimal dividedBy(long count) {
        if (kind != Kind.FINITE) {
            return this;
        }
        BigDecimal divisor = BigDecimal.valueOf(count);
        return of(number.divide(divisor, quotientScale(number, divisor), RoundingMode.HALF_UP));
    }

    /**
     * {@code select_div_scale}: estimates the quotient's weight from the first groups of four digits of both operands, and takes enough
     * decimals for sixteen significant digits, but not fewer than an operand shows.
     */
    private static int quotientScale(BigDecimal dividend, BigDecimal divisor) {
        int weight = weight(dividend) - weight(divisor);
        if (firstGroup(dividend) <= firstGroup(divisor)) {
            weight--;
        }
        int scale = LEAST_SIGNIFICANT_DIGITS - weight * GROUP_DIGITS;
        scale = Math.max(scale, Math.max(dividend.scale(), divisor.scale()));
        return Math.clamp(scale, 0, GREATEST_DISPLAY_SCALE);
    }

    /** Power of 10000 of the first group that is not zero; 0 for zero. */
    private static int weight(BigDecimal number) {
        return number.signum() == 0 ? 0 : Math.floorDiv(number.precision() - number.scale() - 1, GROUP_DIGITS);
    }

    private static int firstGroup(BigDecimal number) {
        if (number.signum() == 0) {
            return 0;
        }
        BigDecimal shifted = number.abs().movePointLeft(GROUP_DIGITS * weight(number));
        return shifted.setScale(0, RoundingMode.DOWN).intValueExact();
    }

    /** As {@code numeric_out} writes it. */
    public String text() {
        return switch (kind) {
            case NAN -> "NaN";
            case INFINITY -> "Infinity";
            case MINUS_INFINITY -> "-Infinity";
            case FINITE -> number.toPlainString();
        };
    }

    void writeText(ByteBuf out) {
        out.writeCharSequence(text(), StandardCharsets.US_ASCII);
    }

    /** As {@code numeric_send} writes it: leading and trailing groups of zeros left out. */
    void writeBinary(ByteBuf out) {
        switch (kind) {
            case NAN -> out.writeInt(0).writeShort(Sign.NAN).writeShort(0);
            case INFINITY -> out.writeInt(0).writeShort(Sign.INFINITY).writeShort(0);
            case MINUS_INFINITY ->
                out.writeInt(0).writeShort(Sign.MINUS_INFINITY).writeShort(0);
            case FINITE -> writeFinite(out);
        }
    }

    private void writeFinite(ByteBuf out) {
        if (number.signum() == 0) {
            out.writeInt(0).writeShort(Sign.PLUS).writeShort(number.scale());
            return;
        }
        int fractionGroups = Math.ceilDiv(number.scale(), GROUP_DIGITS);
        BigInteger aligned = number.unscaledValue()
                .abs()
                .multiply(BigInteger.TEN.pow(fractionGroups * GROUP_DIGITS - number.scale()));
        String digits = aligned.toString();
        int groups = Math.ceilDiv(digits.length(), GROUP_DIGITS);
        digits = "0".repeat(groups * GROUP_DIGITS - digits.length()) + digits;
        int used = groups;
        while (digits.startsWith("0000", (used - 1) * GROUP_DIGITS)) {
            used--;
        }
        out.writeShort(used).writeShort(groups - fractionGroups - 1);
        out.writeShort(number.signum() < 0 ? Sign.MINUS : Sign.PLUS).writeShort(number.scale());
        for (int i = 0; i < used; i++) {
            out.writeShort(Integer.parseInt(digits, i * GROUP_DIGITS, (i + 1) * GROUP_DIGITS, 10));
        }
    }

    @Override
    public int compareTo(Value other) {
        if (!(other instanceof Decimal that)) {
            throw new IllegalArgumentException("numeric compared with " + other);
        }
        return kind == Kind.FINITE && that.kind == Kind.FINITE
                ? number.compareTo(that.number)
                : kind.compareTo(that.kind);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Decimal that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        return kind == Kind.FINITE ? number.stripTrailingZeros().hashCode() : kind.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }

    /** The sign field of the binary format. */
    private static final class Sign {
        static final int PLUS = 0x0000;
        static final int MINUS = 0x4000;
        static final int NAN = 0xC000;
        static final int INFINITY = 0xD000;
        static final int MINUS_INFINITY = 0xF000;
    }
}
