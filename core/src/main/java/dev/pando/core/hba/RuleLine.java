package dev.pando.core.hba;

import java.util.List;

/** A line with something on it: fields, each of which is a list of words. */
record RuleLine(String file, int number, List<List<Word>> fields) {
    RuleLine {
        fields = List.copyOf(fields);
    }
}
