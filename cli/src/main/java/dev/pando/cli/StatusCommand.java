package dev.pando.cli;

import dev.pando.server.http.Json;
import dev.pando.server.http.StatsReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;

/** {@code pando status}: what a running Pando says of its shards. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        description = "Show the shards of a running Pando: servers, lag, rows, shares and pool use.")
final class StatusCommand implements Callable<Integer> {
    private static final String PATH = "/api/v1/shards/stats";

    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:8432",
            paramLabel = "URL",
            description = "Pando's HTTP address (default: ${DEFAULT-VALUE}).")
    URI url;

    @Option(names = "--json", description = "Print the answer of GET " + PATH + " as it is.")
    boolean json;

    @Option(
            names = "--exact",
            description = "Count rows, which reads every table, instead of showing estimates (marked with ~).")
    boolean exact;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait for the answer (default: 10, with --exact 90).")
    @Nullable
    Integer timeout;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills url and spec before call()
    StatusCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        String body = ask();
        if (json) {
            out.print(body);
            out.flush();
            return 0;
        }
        StatsReport report;
        try {
            report = Json.read(body, StatsReport.class);
        } catch (JacksonException e) {
            throw new IOException("what answers at " + url + " is not Pando", e);
        }
        StatusTable.lines(report).forEach(out::println);
        return 0;
    }

    private static String reason(String body) {
        try {
            return Json.read(body, Refusal.class).error();
        } catch (JacksonException e) {
            return "what answers there is not Pando";
        }
    }

    /** What Pando answers when it does not succeed. */
    private record Refusal(String error) {}

    private String ask() throws IOException, InterruptedException {
        URI address;
        try {
            address = url.resolve(exact ? PATH + "?exact=true" : PATH);
            if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                throw new IllegalArgumentException("no http address");
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("--url " + url + " is not an address such as http://127.0.0.1:8432", e);
        }
        int seconds = timeout == null ? exact ? 90 : 10 : Math.max(1, timeout);
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(seconds))
                .header("Accept", "application/json")
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(seconds))
                .build()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(
                        address + " answered with status " + response.statusCode() + ": " + reason(response.body()));
            }
            return response.body();
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new IOException(
                    "nothing answers at " + url + "; is Pando running there? (another address: --url)", e);
        } catch (HttpTimeoutException e) {
            throw new IOException("no answer from " + url + " within " + seconds + " s", e);
        }
    }
}
