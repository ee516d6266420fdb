package dev.pando.rehearse;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 100ms}, {@code 5s}, {@code 2min}; a number alone means seconds. */
final class Durations implements ITypeConverter<Duration> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)\\s*(ms|s|min|)");

    @Override
    public Duration convert(String text) {
        Matcher parts = TEXT.matcher(text.strip());
        if (!parts.matches()) {
            throw new TypeConversionException("'" + text + "' is no time such as 100ms, 5s or 2min");
        }
        double unit = switch (parts.group(2)) {
            case "ms" -> 1;
            case "min" -> 60_000;
            default -> 1_000;
        };
        return Duration.ofMillis(Math.round(Double.parseDouble(parts.group(1)) * unit));
    }
}
