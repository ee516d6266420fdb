package dev.pando.lab.twin;

/**
 * What ANALYZE concludes from a sample of {@code rows} about a table of {@code tuples}: with the server's own formulas (Haas and Stokes's
 * estimator Duj1, and the least count by which a value is common), since a table made of the sample is all there is for a twin's ANALYZE.
 */
record SampleEstimate(double rows, double tuples) {
    private static final double OF_THE_TABLE = 0.1;

    boolean whole() {
        return rows >= tuples;
    }

    /** Distinct groups in the table, of {@code distinct} in the sample with {@code single} of one row. */
    double groups(double distinct, double single) {
        double estimate = rows * distinct / ((rows - single) + single * rows / tuples);
        return Math.floor(Math.min(Math.max(estimate, distinct), tuples) + 0.5);
    }

    /** {@code stadistinct} of a column or an expression, of whose values {@code nulls} are none. */
    double column(double nulls, double distinct, double single) {
        double present = rows - nulls;
        if (present <= 0) {
            return 0;
        }
        if (single >= distinct) {
            return -present / rows;
        }
        double estimate =
                single == 0 ? distinct : new SampleEstimate(present, tuples * present / rows).groups(distinct, single);
        return estimate > OF_THE_TABLE * tuples ? -estimate / tuples : estimate;
    }

    /** A combination of values that the sample has fewer times is no common one. */
    double leastCommon() {
        double denominator = tuples - rows + 0.04 * rows * (tuples - 1);
        return denominator == 0 ? 0 : rows * (tuples - rows) / denominator;
    }
}
