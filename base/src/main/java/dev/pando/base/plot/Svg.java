package dev.pando.base.plot;

import java.util.Locale;

/** A picture being drawn. Has its own background and two sets of colours, so that it reads on light and on dark pages. */
final class Svg {
    /** Names of colours for series, in order; after the last one the first comes again. */
    private static final int COLOURS = 8;

    private static final double NARROW = 4;

    private static final String STYLE = """
            svg{--bg:#ffffff;--ink:#1f2328;--soft:#59636e;--grid:#d8dee4;--c0:#2f6fb3;--c1:#b35900;--c2:#1a7f52;--c3:#b3263a;--c4:#7a4fb3;--c5:#9aa4af;--c6:#0f8b8d;--c7:#b3267f}
            @media (prefers-color-scheme:dark){svg{--bg:#0d1117;--ink:#e6edf3;--soft:#9198a1;--grid:#30363d;--c0:#58a6ff;--c1:#f0a04b;--c2:#3fb97f;--c3:#ff7b84;--c4:#b48cf2;--c5:#6e7681;--c6:#3cc4c6;--c7:#f27fc0}}
            text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink)}
            .title{font-size:19px;font-weight:600}.head{font-size:14px;font-weight:600}.soft{fill:var(--soft)}.small{font-size:12px}
            .value{font-size:11px;font-weight:600}.grid{stroke:var(--grid);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}
            """;

    private final StringBuilder out = new StringBuilder();

    Svg(String title, int width, int height) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " aria-labelledby=\"title\">",
                width, height, width, height);
        add("<title id=\"title\">%s</title><style>%s</style>", escape(title), STYLE);
        add("<rect width=\"%d\" height=\"%d\" fill=\"var(--bg)\"/>", width, height);
    }

    static String colour(int series) {
        return "var(--c" + series % COLOURS + ")";
    }

    void text(double x, double y, String style, String anchor, String content) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>",
                x, y, style, anchor, escape(content));
    }

    void coloured(double x, double y, String colour, String content) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" class=\"small\" style=\"fill:%s;font-weight:600\">%s</text>",
                x, y, colour, escape(content));
    }

    void box(double x, double y, double width, double height, String colour) {
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" fill=\"%s\"/>",
                x, y, width, height, colour);
    }

    void dot(double x, double y, String colour) {
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>", x, y, colour);
    }

    /** @param points as {@code x,y x,y} */
    void path(String points, String colour) {
        add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>", points, colour);
    }

    /** @param points as {@code x,y x,y}, of the outline */
    void area(String points, String colour) {
        add("<polygon points=\"%s\" fill=\"%s\"/>", points, colour);
    }

    /** Lets what is behind it shine through, unless it is so narrow that it would not be seen. */
    void band(double x, double y, double width, double height, String colour) {
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" fill-opacity=\"%s\"/>",
                x, y, width, height, colour, width < NARROW ? "0.8" : "0.18");
    }

    /** A level line. */
    void level(double from, double to, double y, String style) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>", from, y, to, y, style);
    }

    String end() {
        return out + "</svg>\n";
    }

    // Error Prone's own annotation would be a dependency for one private method.
    @SuppressWarnings("AnnotateFormatMethod")
    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
