package dev.pando.core.session;

import dev.pando.core.route.Command.Fetch;

/** Where a cursor that only goes forward stands, and what a FETCH or MOVE asks of it from there, as PostgreSQL's DoPortalRunFetch has it. */
final class CursorPosition {
    /** What is to be done. */
    sealed interface Step {
        /** Leave out {@code skip} rows, then take as many as {@code take}, which are the ones that count. */
        record Forward(long skip, long take) implements Step {}

        /** No row; {@code counts} is what MOVE says. */
        record Stay(long counts) implements Step {}
    }

    private static final Step NOTHING = new Step.Stay(0);

    private long rows;
    private boolean end;

    /** Throws 55000 for what would go back. */
    Step step(Fetch fetch) {
        long count = fetch.count();
        return switch (fetch.direction()) {
            case FORWARD -> count > 0 ? forward(count) : count == 0 ? here(fetch.moves()) : back();
            case BACKWARD -> count < 0 ? forward(-count) : count == 0 ? here(fetch.moves()) : backward(fetch);
            case ABSOLUTE -> absolute(count);
            case RELATIVE -> count > 0 ? new Step.Forward(count - 1, 1) : count == 0 ? here(fetch.moves()) : back();
        };
    }

    /** That many rows further; {@code end}: there were no more. */
    void moved(long by, boolean atEnd) {
        rows += by;
        end |= atEnd;
    }

    private static Step forward(long count) {
        return new Step.Forward(0, count);
    }

    private Step backward(Fetch fetch) {
        return fetch.moves() && fetch.count() == Fetch.ALL ? rewind() : back();
    }

    private Step absolute(long count) {
        if (count == 0) {
            return rewind();
        }
        long reached = end ? rows + 1 : rows;
        return count > reached ? new Step.Forward(count - reached - 1, 1) : back();
    }

    /** The row it is on, once more. */
    private Step here(boolean moves) {
        boolean onRow = rows > 0 && !end;
        if (onRow && !moves) {
            return back();
        }
        return new Step.Stay(onRow ? 1 : 0);
    }

    private Step rewind() {
        return rows == 0 && !end ? NOTHING : back();
    }

    private static Step back() {
        throw new Refusal("55000", "cursor can only scan forward", "A cursor over several shards has no way back.");
    }
}
