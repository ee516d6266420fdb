package dev.pando.base.wire;

/** Format codes as Bind lists them: none means text for all, one stands for all, else one each. */
public final class Formats {
    public static final short TEXT = 0;
    public static final short BINARY = 1;

    private Formats() {}

    public static short at(short[] formats, int index) {
        return switch (formats.length) {
            case 0 -> TEXT;
            case 1 -> formats[0];
            default -> index < formats.length ? formats[index] : TEXT;
        };
    }
}
