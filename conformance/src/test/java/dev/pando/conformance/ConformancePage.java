package dev.pando.conformance;

import dev.pando.conformance.Difference.Status;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The text of docs/conformance.md. */
final class ConformancePage {
    private static final String HEAD = """
            # Conformance

            Scripts of protocol messages are played on a plain PostgreSQL 18, through a Pando with one shard and no sharded table, and through
            a Pando with three shards (statements there concern one shard; the tables `items` and `parts` are sharded), both in transaction
            mode and in session mode. Every message that comes back is compared byte by byte, in order, until the server hangs up or the client
            says good-bye. The scripts are in
            `conformance/src/test/resources/conformance/`, one file for each topic; `Notation` explains their words. This page is made from
            them and held to them by a test.

                mvn -q -pl conformance -am test -Dtest=ConformanceTest -Dsurefire.failIfNoSpecifiedTests=false
                … -Dconformance.only='portals / '     # these exchanges alone
                … -Dconformance.rewrite=true          # after a change: brings differences.txt to what they are; review it
                … -Ddocs.rewrite=true                 # brings this page to them

            """;

    private ConformancePage() {}

    static String text(List<Exchange> exchanges, List<Difference> differences, List<SuiteList> suites) {
        StringBuilder out = new StringBuilder(HEAD);
        out.append("## What is compared\n\n| Topic | Exchanges |\n|---|---|\n");
        Map<String, Long> topics =
                exchanges.stream().collect(Collectors.groupingBy(Exchange::topic, TreeMap::new, Collectors.counting()));
        topics.forEach((topic, count) ->
                out.append("| ").append(topic).append(" | ").append(count).append(" |\n"));
        out.append("| all | ").append(exchanges.size()).append(" |\n");
        out.append("\n## What is left out of the comparison\n\n| What | Why |\n|---|---|\n");
        for (Normalisation each : Normalisation.values()) {
            out.append("| ")
                    .append(each.what())
                    .append(" | ")
                    .append(each.why())
                    .append(" |\n");
        }
        out.append("\n## Differences\n\nNone changes a row of a table. The messages are in `differences.txt`;"
                + " the test demands exactly these differences.\n");
        section(out, Status.OPEN, "To be mended", differences);
        section(out, Status.NOT_YET, "Refused until Pando can do it", differences);
        section(out, Status.ACCEPTED, "Accepted", differences);
        suites(out, suites);
        return out.toString();
    }

    private static void section(StringBuilder out, Status status, String title, List<Difference> differences) {
        out.append("\n### ")
                .append(title)
                .append("\n\n| Exchange | Transaction mode | Session mode | Why |\n|---|---|---|---|\n");
        differences.stream()
                .filter(difference -> difference.status() == status)
                .forEach(difference -> out.append("| ")
                        .append(difference.title())
                        .append(" | ")
                        .append(Party.shards(difference.on(), "transaction"))
                        .append(" | ")
                        .append(Party.shards(difference.on(), "session"))
                        .append(" | ")
                        .append(difference.why())
                        .append(" |\n"));
    }

    private static void suites(StringBuilder out, List<SuiteList> suites) {
        out.append("""

                ## Other people's suites

                Each is run on PostgreSQL 18 and through a Pando in front of it, in both modes; what ends differently stands in
                `conformance/suites/SUITE-MODE.txt` with its reason. None changes a row.

                    conformance/suites/run SUITE MODE     # conformance/suites/README.md says what it needs

                | Suite | Mode | Tests | Differ |
                |---|---|---|---|
                """);
        suites.forEach(each -> out.append("| ")
                .append(each.suite())
                .append(" | ")
                .append(each.mode())
                .append(" | ")
                .append(each.tests())
                .append(" | ")
                .append(each.reasons().size())
                .append(" |\n"));
    }
}
