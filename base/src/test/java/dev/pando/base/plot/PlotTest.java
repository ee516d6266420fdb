package dev.pando.base.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlotTest {
    private static String svg(Plot.Panel panel) {
        return new Plot(
                        "a < b",
                        "subtitle",
                        Plot.Axis.time(List.of(0.0, 1.0, 2.0, 3.0)),
                        List.of(panel),
                        List.of(new Plot.Entry("line 2", 1)),
                        List.of())
                .svg();
    }

    @Test
    void stepsOfAxesAreRound() {
        assertThat(Plot.niceStep(0.03)).isCloseTo(0.05, within(1e-9));
        assertThat(Plot.niceStep(23)).isEqualTo(25);
        assertThat(Plot.niceStep(1_000)).isEqualTo(1_000);
        assertThat(Plot.niceStep(6_000)).isEqualTo(10_000);
    }

    @Test
    void areasStandOnEachOtherAndEndWhereNobodyIsLeft() {
        String svg = svg(new Plot.Panel(
                "waiting",
                Plot.Style.STACKED,
                List.of(
                        new Plot.Series("one", 1, new double[] {0, 2, 0, 0}),
                        new Plot.Series("other", 3, new double[] {0, 2, 2, 0})),
                List.of(),
                List.of(8.0)));

        // From 84 to 780, 232 a second; a scale up to 9, for which 212 are 23.6 a session.
        assertThat(svg)
                .contains("<polygon points=\"316.0,320.0 316.0,272.9 548.0,272.9 548.0,320.0\" fill=\"var(--c1)\"/>")
                .contains(
                        "<polygon points=\"316.0,320.0 316.0,225.8 548.0,225.8 548.0,272.9 780.0,272.9 780.0,320.0\" fill=\"var(--c3)\"/>")
                .contains(">one</text>", ">a &lt; b</text>", ">line 2</text>");
        assertThat(svg.indexOf("var(--c3)\"/>\n<polygon"))
                .as("the lower one is drawn over it")
                .isPositive();
    }

    @Test
    void spansAreSeenHoweverShortAndTheirNamesDoNotStandOnOneAnother() {
        String svg = svg(new Plot.Panel(
                "latency",
                Plot.Style.COURSE,
                List.of(new Plot.Series("p99", 2, new double[] {1, 500, 1, Double.NaN})),
                List.of(
                        new Plot.Span(0.5, 0.5, "17", 4),
                        new Plot.Span(0.501, 0.502, "18", 4),
                        new Plot.Span(0.6, 0.9, "19", 5)),
                List.of(2_000.0)));

        assertThat(svg).contains("width=\"2.0\"", "fill-opacity=\"0.8\"", "fill-opacity=\"0.18\"");
        assertThat(svg).contains(">17</text>", ">19</text>", ">p99, most 500</text>", ">10,000</text>");
        assertThat(svg).doesNotContain(">18</text>");
    }
}
