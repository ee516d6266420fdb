package dev.pando.bench;

import dev.pando.base.plot.Plot;
import java.io.PrintWriter;

/** What a part of {@code bench fleet} found out. */
sealed interface FleetReport permits CurveReport, FleetLoadReport, RoutingReport, SoakReport {
    /** Whether everything was answered right, is counted, and stays as it has to. */
    boolean clean();

    void print(PrintWriter out);

    Plot plot();
}
