package dev.pando.lint.read;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Where the bytes of a text are as lines and columns. */
final class Places {
    private final byte[] text;
    private final int[] lineStarts;

    Places(byte[] text) {
        this.text = text;
        int[] starts = new int[16];
        int lines = 1;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                if (lines == starts.length) {
                    starts = Arrays.copyOf(starts, lines * 2);
                }
                starts[lines++] = i + 1;
            }
        }
        lineStarts = Arrays.copyOf(starts, lines);
    }

    Place at(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        int line = found >= 0 ? found : -found - 2;
        int start = lineStarts[line];
        String before = new String(text, start, offset - start, StandardCharsets.UTF_8);
        return new Place(line + 1, before.codePointCount(0, before.length()) + 1);
    }
}
