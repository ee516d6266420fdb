package dev.pando.core.hba;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name that is matched with a regular expression. Some expressions take ages on names made for it, and whoever connects chooses the name:
 * so a match may look at its characters only so often, and then the login is refused.
 */
final class BoundedText implements CharSequence {
    private static final int MOST_LOOKS = 100_000;
    private static final int LONGEST = 1_000;

    private final String text;
    private final int[] looks;

    private BoundedText(String text, int[] looks) {
        this.text = text;
        this.looks = looks;
    }

    static Matcher matcher(Pattern pattern, String text) {
        if (text.length() > LONGEST) {
            // Matching goes deeper with every character.
            throw new PandoException(PandoError.HBA_EXPRESSION, MOST_LOOKS);
        }
        return pattern.matcher(new BoundedText(text, new int[1]));
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++looks[0] > MOST_LOOKS) {
            throw new PandoException(PandoError.HBA_EXPRESSION, MOST_LOOKS);
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new BoundedText(text.substring(start, end), looks);
    }

    @Override
    public String toString() {
        return text;
    }
}
