package dev.pando.core.copy;

import java.util.Arrays;
import java.util.List;

/** Where the key's fields lie in the current row, as offsets from its start. */
final class KeyFields {
    private static final int MISSING = -1;

    /** By position of the field in the row: which part of the key it is, -1 for none. */
    private final int[] partOfField;

    private final int[] starts;
    private final int[] ends;

    KeyFields(List<Integer> positions) {
        int last = positions.stream().mapToInt(Integer::intValue).max().orElse(-1);
        this.partOfField = new int[last + 1];
        this.starts = new int[positions.size()];
        this.ends = new int[positions.size()];
        Arrays.fill(partOfField, -1);
        for (int part = 0; part < positions.size(); part++) {
            partOfField[positions.get(part)] = part;
        }
        clear();
    }

    void clear() {
        Arrays.fill(starts, MISSING);
    }

    /** Notes the field at position {@code field}; {@code end < start} means NULL. */
    void note(int field, int start, int end) {
        if (field < partOfField.length) {
            int part = partOfField[field];
            if (part >= 0) {
                starts[part] = start;
                ends[part] = end;
            }
        }
    }

    int parts() {
        return starts.length;
    }

    int start(int part) {
        if (starts[part] == MISSING) {
            throw new BadRow("it ends before its sharding key");
        }
        return starts[part];
    }

    int end(int part) {
        return ends[part];
    }
}
