package dev.pando.core.hba;

/** {@code quoted}: it began with a quotation mark, and so is no keyword. */
record Word(String text, boolean quoted) {
    boolean is(String keyword) {
        return !quoted && text.equals(keyword);
    }

    boolean beginsWith(char sign) {
        return !quoted && text.length() > 1 && text.charAt(0) == sign;
    }
}
