package dev.pando.server.control;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a prepared transaction of Pando: {@code pando_<node>_<life>_<seconds>_<number>}.
 *
 * @param node name of the node that coordinates it, {@code [a-z0-9]}
 * @param life random for each start of the node
 * @param seconds since 1970, when it was given; {@code pando.decide()} refuses to commit one that is half a day old
 */
record Gid(String node, String life, long seconds, long number) {
    private static final Pattern FORM =
            Pattern.compile("pando_([a-z0-9]{1,32})_([0-9a-f]{16})_([0-9a-f]{8,10})_([0-9a-f]{1,16})");

    /** Empty for what is not Pando's. */
    static Optional<Gid> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new Gid(
                        matcher.group(1),
                        matcher.group(2),
                        Long.parseLong(matcher.group(3), 16),
                        Long.parseUnsignedLong(matcher.group(4), 16)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "pando_%s_%s_%08x_%x".formatted(node, life, seconds, number);
    }
}
