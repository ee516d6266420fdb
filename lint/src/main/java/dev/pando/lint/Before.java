package dev.pando.lint;

import dev.pando.lint.fact.Step;
import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/** The steps so far of a list that grows: a copy for each of thousands of steps would be too much. */
final class Before extends AbstractList<Step> implements RandomAccess {
    private final List<Step> all;
    private final int size;

    Before(List<Step> all) {
        this.all = all;
        this.size = all.size();
    }

    @Override
    public Step get(int index) {
        return all.get(Objects.checkIndex(index, size));
    }

    @Override
    public int size() {
        return size;
    }
}
