package dev.pando.lint;

import dev.pando.lint.fact.Speeds;
import dev.pando.lint.rule.Rules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What the user says of sizes and speeds; whatever it cannot mean is refused. */
record Given(CommandLine command) {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([kMGT]?B?)");
    private static final Pattern SPEED = Pattern.compile("\\d{1,6}");
    private static final int MOST_SPEED = 100_000;

    /** Bytes by table. */
    Map<String, Long> sizes(List<String> options) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        pairs("--size", options).forEach((table, size) -> {
            Matcher parts = SIZE.matcher(size);
            if (!parts.matches()) {
                throw refused("--size " + table + "=" + size + " is no size such as 41GB");
            }
            int power = parts.group(2).isEmpty()
                    ? 0
                    : "BkMGT".indexOf(parts.group(2).charAt(0));
            sizes.put(table, (long) (Double.parseDouble(parts.group(1)) * Math.pow(1_000, power)));
        });
        return sizes;
    }

    /** Rules that may be left out. */
    Set<String> rules(List<String> names) {
        for (String name : names) {
            if (Rules.of(name).isEmpty()) {
                throw refused("--exclude: " + Rules.unknown(name));
            }
            if (Rules.ALWAYS.contains(name)) {
                throw refused("--exclude cannot leave out " + name
                        + ", which PostgreSQL refuses or nobody knows; a comment can allow one with a reason");
            }
        }
        return Set.copyOf(names);
    }

    Speeds speeds(List<String> options) {
        int scan = Speeds.DEFAULT.scan();
        int rewrite = Speeds.DEFAULT.rewrite();
        int build = Speeds.DEFAULT.build();
        for (Map.Entry<String, String> speed : pairs("--speed", options).entrySet()) {
            int megabytes = megabytes(speed);
            switch (speed.getKey()) {
                case "scan" -> scan = megabytes;
                case "rewrite" -> rewrite = megabytes;
                case "build" -> build = megabytes;
                default -> throw refused("--speed knows scan, rewrite and build, not " + speed.getKey());
            }
        }
        return new Speeds(scan, rewrite, build);
    }

    private int megabytes(Map.Entry<String, String> speed) {
        int megabytes = SPEED.matcher(speed.getValue()).matches() ? Integer.parseInt(speed.getValue()) : 0;
        if (megabytes < 1 || megabytes > MOST_SPEED) {
            throw refused("--speed " + speed.getKey() + "=" + speed.getValue() + " is not between 1 and " + MOST_SPEED
                    + " MB a second");
        }
        return megabytes;
    }

    private Map<String, String> pairs(String option, List<String> texts) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.lastIndexOf('=');
            if (equals < 1) {
                throw refused(option + " " + text + " is not NAME=VALUE");
            }
            String name = text.substring(0, equals).strip();
            String before = pairs.put(name, text.substring(equals + 1).strip());
            if (before != null) {
                throw refused(option + " says two things of " + name + ": " + before + " and " + pairs.get(name));
            }
        }
        return pairs;
    }

    private ParameterException refused(String reason) {
        return new ParameterException(command, reason);
    }
}
