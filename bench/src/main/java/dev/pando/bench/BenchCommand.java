package dev.pando.bench;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code pando bench}: puts load on an endpoint and checks what came of it. Exit code 0 only when everything succeeded and was verified. */
@Command(
        name = "bench",
        description =
                "Load users, measure writes through an endpoint, compare proxies, and measure Pando before shards.",
        subcommands = {LoadCommand.class, WriteCommand.class, ProxyCommand.class, FleetCommand.class},
        mixinStandardHelpOptions = true)
public final class BenchCommand {
    /** Where the endpoint is. */
    static final class Endpoint {
        @Option(
                names = "--url",
                paramLabel = "URL",
                defaultValue = "postgres://app:app@127.0.0.1:6432/app",
                converter = UrlConverter.class,
                description = "The endpoint; a plain PostgreSQL or a pooler works too. Default: ${DEFAULT-VALUE}")
        PostgresUrl url = PostgresUrl.parse("postgres://app:app@127.0.0.1:6432/app");

        @Option(
                names = "--http",
                paramLabel = "URL",
                defaultValue = "http://127.0.0.1:8432",
                description =
                        "Pando's HTTP address, asked for the servers behind it; \"none\" counts through the endpoint only."
                                + " Default: ${DEFAULT-VALUE}")
        String http = "http://127.0.0.1:8432";

        /** The servers behind a Pando; null when nobody is to be asked. */
        @Nullable
        Fleet fleet() throws InterruptedException {
            if (http.equals("none")) {
                return null;
            }
            try {
                return Fleet.fetch(URI.create(http));
            } catch (IOException | IllegalArgumentException e) {
                throw PandoException.causedBy(e, PandoError.BENCH_ENDPOINT, "--http " + http, Lines.first(e));
            }
        }
    }

    static final class UrlConverter implements ITypeConverter<PostgresUrl> {
        @Override
        public PostgresUrl convert(String text) {
            try {
                return PostgresUrl.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
