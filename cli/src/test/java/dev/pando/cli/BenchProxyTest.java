package dev.pando.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison with a real {@code pando serve} in it. */
class BenchProxyTest {
    @TempDir
    private Path folder;

    @Test
    void pandoAnswersEveryWorkloadRightAndNothingIsLeftRunning() throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Path json = folder.resolve("proxy.json");
        List<String> arguments = List.of(
                "bench",
                "proxy",
                "--only",
                "pando",
                "--scale",
                "1",
                "--rounds",
                "1",
                // A COPY has megabytes, and the machine may have other work.
                "--seconds",
                "3",
                "--warm-up",
                "0",
                "--settle",
                "0.2",
                "--starts",
                "2",
                "--connections",
                "4",
                "--idle",
                "50",
                "--clients",
                "4",
                "--workloads",
                "select_only,tpc_b,rows_1_mb,copy_out,copy_in",
                "--protocols",
                "simple,prepared",
                "--json",
                json.toString());
        int exit = Pando.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));

        assertThat(exit).as("%s%n%s", out, err).isZero();
        assertThat(out.toString())
                .contains("4 × TPC-B-like, prepared", "Pando", "start to first answer", "memory at rest")
                .doesNotContain("FAILED");
        String figures = Files.readString(json);
        assertThat(figures).contains("\"Pando\"", "\"targets\"");
        assertThat(figures.split("\"wall\"", -1)).as(figures).hasSize(1 + 2);
        assertThat(ProcessHandle.current().descendants().filter(BenchProxyTest::isPando))
                .isEmpty();
    }

    private static boolean isPando(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("dev.pando.cli.Pando");
    }
}
